package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.base.Log;
import io.dogsled.http.ExchangeOutcome;
import io.dogsled.http.Header;
import io.dogsled.http.HttpConnection;
import io.dogsled.http.HttpRequest;
import io.dogsled.serializer.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes one payload to the intake and comes back with the result. The forwarder's thread; {@link #abandon} any thread. Not
 * final: a test answers in its place, so that rounds can be played without a network.
 */
class Courier {
    /** The version of the payload definitions that protobuf payloads follow (DataDog/agent-payload). */
    private static final String AGENT_PAYLOAD_VERSION = "4.87.0";

    private static final String PROTOBUF = "application/x-protobuf";

    private final Endpoint endpoint;
    private final HttpConnection connection;
    private final Clock clock;
    private final Header userAgent;
    private volatile long underWaySinceMs;

    Courier(Endpoint endpoint, Log log, Clock clock) {
        this.endpoint = endpoint;
        this.connection = endpoint.connection(clock);
        this.clock = clock;
        this.userAgent = new Header("User-Agent", "dogsled/" + version());
    }

    /** One exchange; blocks. */
    DeliveryResult deliver(Payload payload, Deadline deadline) {
        HttpRequest request = new HttpRequest("POST", payload.kind().path(), headers(payload), payload.body());
        underWaySinceMs = clock.nowMs();
        try {
            ExchangeOutcome outcome = connection.exchange(request, deadline);
            return DeliveryResult.of(outcome);
        } finally {
            underWaySinceMs = 0;
        }
    }

    /** Ends the exchange under way, if there is one: what it carried is then ambiguous. */
    void abandon() {
        connection.close();
    }

    /** Whether an exchange has been under way for longer than this by the wall clock. */
    boolean isUnderWayLongerThan(long ms) {
        long sinceMs = underWaySinceMs;
        return sinceMs != 0 && clock.nowMs() - sinceMs > ms;
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
