package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome;
import io.dogsled.http.Header;
import io.dogsled.http.HttpConnection;
import io.dogsled.http.HttpRequest;
import io.dogsled.serializer.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes one payload to the intake and comes back with the result. One lane's thread; {@link #abandon} any thread. Not
 * final: a test answers in its place, so that rounds can be played without a network.
 */
class Courier {
    /** The version of the payload definitions that protobuf payloads follow (DataDog/agent-payload). */
    private static final String AGENT_PAYLOAD_VERSION = "4.87.0";

    /** So long an answer that came in a freeze may take to be read. */
    private static final long GRACE_NS = 50_000_000L;

    private static final String PROTOBUF = "application/x-protobuf";

    private final Endpoint endpoint;
    private final HttpConnection connection;
    private final Clock clock;
    private final Header userAgent;
    private volatile long underWaySinceMs;
    private volatile long usedAtMs;
    private boolean warm;

    // guarded by this: the exchange that was found to be overdue, by its beginning, and when
    private long overdueMs;
    private long overdueFoundNs;

    Courier(Endpoint endpoint, Clock clock) {
        this.endpoint = endpoint;
        this.connection = endpoint.connection(clock);
        this.clock = clock;
        this.userAgent = new Header("User-Agent", "dogsled/" + version());
    }

    /** One for a further lane, with a connection of its own. Any thread. */
    Courier another() {
        return new Courier(endpoint, clock);
    }

    /** Opens the connection if there is no fresh one; blocks. */
    void prepare(Deadline deadline) {
        if (connection.prepare(deadline)) {
            usedAtMs = clock.nowMs();
        }
    }

    /** Whether the connection was opened, used or looked at less than so long ago by the wall clock. Any thread. */
    boolean wasUsedWithin(long ms) {
        long sinceMs = clock.nowMs() - usedAtMs;
        return sinceMs >= 0 && sinceMs < ms;
    }

    /** Whether there was a connection after the last exchange. Any thread. */
    boolean isOpen() {
        return usedAtMs != 0;
    }

    /** Whether the exchange before found its connection open, and was answered. */
    boolean wasWarm() {
        return warm;
    }

    /** One exchange; blocks. */
    DeliveryResult deliver(Payload payload, Deadline deadline) {
        HttpRequest request = new HttpRequest("POST", payload.kind().path(), headers(payload), payload.body());
        underWaySinceMs = clock.nowMs();
        try {
            boolean open = usedAtMs != 0;
            ExchangeOutcome outcome = connection.exchange(request, deadline);
            warm = open && outcome instanceof ExchangeOutcome.Answered;
            usedAtMs = outcome instanceof ExchangeOutcome.Answered ? clock.nowMs() : 0;
            return DeliveryResult.of(outcome);
        } finally {
            underWaySinceMs = 0;
        }
    }

    /** Ends the exchange under way, if there is one: what it carried is then ambiguous. */
    void abandon() {
        connection.close();
    }

    /**
     * Whether an exchange has been under way for longer than this by the wall clock, and was found so a moment ago too: after a
     * freeze its answer may be there already, and wants to be read. Any thread.
     */
    synchronized boolean isUnderWayLongerThan(long ms) {
        long sinceMs = underWaySinceMs;
        if (sinceMs == 0 || clock.nowMs() - sinceMs <= ms) {
            return false;
        }
        if (overdueMs != sinceMs) {
            overdueMs = sinceMs;
            overdueFoundNs = clock.nowNs();
        }
        return clock.nowNs() - overdueFoundNs >= GRACE_NS;
    }

    private List<Header> headers(Payload payload) {
        List<Header> headers = new ArrayList<>(6);
        headers.add(new Header("DD-API-KEY", endpoint.keys().key()));
        headers.add(new Header("Content-Type", payload.kind().contentType()));
        if (!payload.contentEncoding().isEmpty()) {
            headers.add(new Header("Content-Encoding", payload.contentEncoding()));
        }
        if (payload.kind().contentType().equals(PROTOBUF)) {
            headers.add(new Header("DD-Agent-Payload", AGENT_PAYLOAD_VERSION));
        }
        headers.add(userAgent);
        return headers;
    }

    private static String version() {
        String version = Courier.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
