package io.dogsled.flush;

import io.dogsled.aggregator.Pipelines;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.forwarder.AdditionalEndpoint;
import io.dogsled.forwarder.Forwarders;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What became of every sample: received = delivered + held + lost (rulings.md 13). Any thread.
 *
 * <pre>
 * DOGSLED ledger {"received":9,"delivered":5,"held":1,"superseded":0,"possibly_duplicated":0,
 *                 "lost":{"refused":3},"rejected":{"no_pipe":1},"kernel_dropped":0}
 * DOGSLED ledger {"endpoint":"https://api.datadoghq.eu","key":1,"received":9,"delivered":9,"held":0,"superseded":0,
 *                 "possibly_duplicated":0,"lost":{}}
 * </pre>
 *
 * <p>The first is the main endpoint's, the second an additional one's: there, received is what was handed over to it, by flushes.
 *
 * <p>{@code held} is counted where things are held and not derived from the other numbers, so the equation can fail, and
 * a test that asserts it means something. In the blink in which a batch changes hands nobody holds it; a ledger that
 * does not balance is therefore read again before it is believed.
 */
public final class Ledger {
    private static final Counter[] ALL = Counter.values();
    private static final int READINGS = 20;
    private static final long BETWEEN_NS = 500_000;

    private final @Nullable DogStatsDServer server;
    private final Counters counters;
    private final Pipelines aggregator;
    private final Forwarders forwarders;

    /** {@code server}: knows what the kernel dropped at its socket; null if there is none. */
    public Ledger(@Nullable DogStatsDServer server, Counters counters, Pipelines aggregator, Forwarders forwarders) {
        this.server = server;
        this.counters = counters;
        this.aggregator = aggregator;
        this.forwarders = forwarders;
    }

    /** Samples in the aggregator, waiting for delivery, or being delivered. */
    public long held() {
        return aggregator.heldSamples() + forwarders.heldSamples();
    }

    /** Asks the kernel what it dropped, so that the counter is as of now. */
    public void countKernelDrops() {
        if (server != null) {
            server.countKernelDrops();
        }
    }

    /** The line for the log. */
    public String line() {
        return "DOGSLED ledger " + json();
    }

    /** The ledger alone: reasons that did not happen are left out. */
    public String json() {
        countKernelDrops();
        StringBuilder json = new StringBuilder(256).append('{');
        appendAccount(json, null);
        append(json.append(",\"rejected\":"), counters, Counter.Kind.REJECTED, true);
        return json.append(",\"kernel_dropped\":")
                .append(counters.value(Counter.KERNEL_DROPPED))
                .append('}')
                .toString();
    }

    /** One line for the log for each additional endpoint, which {@code endpoint} tells from the main one's. */
    public List<String> endpointLines() {
        List<String> lines = new ArrayList<>();
        for (AdditionalEndpoint endpoint : forwarders.additional()) {
            lines.add("DOGSLED ledger " + json(endpoint));
        }
        return lines;
    }

    /** The ledgers of the additional endpoints, which may be none, as a JSON array. */
    public String endpointsJson() {
        StringBuilder json = new StringBuilder(256).append('[');
        for (AdditionalEndpoint endpoint : forwarders.additional()) {
            json.append(json.length() > 1 ? "," : "").append(json(endpoint));
        }
        return json.append(']').toString();
    }

    /** An address needs no escape: the configuration takes letters, digits and a few signs alone. */
    private String json(AdditionalEndpoint endpoint) {
        StringBuilder json = new StringBuilder(256);
        json.append("{\"endpoint\":\"").append(endpoint.url());
        json.append("\",\"key\":").append(endpoint.key()).append(',');
        appendAccount(json, endpoint);
        return json.append('}').toString();
    }

    /** {@code endpoint}: null = the main one. */
    private void appendAccount(StringBuilder json, @Nullable AdditionalEndpoint endpoint) {
        Counters own = endpoint == null ? counters : endpoint.counters();
        Head head = settledHead(endpoint);
        json.append("\"received\":").append(head.received());
        json.append(",\"delivered\":").append(head.delivered());
        json.append(",\"held\":").append(head.held());
        json.append(",\"superseded\":").append(own.value(Counter.SUPERSEDED));
        json.append(",\"possibly_duplicated\":").append(own.value(Counter.POSSIBLY_DUPLICATED));
        append(json.append(",\"lost\":"), own, Counter.Kind.LOST, true);
    }

    /** The line for the log about what is no loss but worth knowing; {@code ""} if there is nothing but traffic. */
    public String notesLine() {
        StringBuilder notes = new StringBuilder(128);
        append(notes, counters, Counter.Kind.NOTE, false);
        return notes.length() > "{}".length() ? "DOGSLED notes " + notes : "";
    }

    /** All counters that are not 0, by kind; of any moment, so that samples on their way may be missing. */
    public String countersJson() {
        countKernelDrops();
        StringBuilder json = new StringBuilder(512);
        append(json.append("{\"ledger\":"), counters, Counter.Kind.LEDGER, true);
        append(json.append(",\"lost\":"), counters, Counter.Kind.LOST, true);
        append(json.append(",\"rejected\":"), counters, Counter.Kind.REJECTED, true);
        append(json.append(",\"notes\":"), counters, Counter.Kind.NOTE, true);
        return json.append('}').toString();
    }

    private Head settledHead(@Nullable AdditionalEndpoint endpoint) {
        Head head = head(endpoint);
        for (int i = 1; i < READINGS && !head.balances(); i++) {
            LockSupport.parkNanos(BETWEEN_NS);
            head = head(endpoint);
        }
        return head;
    }

    private Head head(@Nullable AdditionalEndpoint endpoint) {
        Counters own = endpoint == null ? counters : endpoint.counters();
        return new Head(
                own.value(Counter.RECEIVED),
                own.value(Counter.DELIVERED),
                endpoint == null ? held() : endpoint.heldSamples(),
                own.sum(Counter.Kind.LOST));
    }

    private static void append(StringBuilder json, Counters counters, Counter.Kind kind, boolean traffic) {
        json.append('{');
        boolean first = true;
        for (Counter counter : ALL) {
            long value = counters.value(counter);
            if (counter.kind() == kind && value != 0 && (traffic || !isTraffic(counter))) {
                json.append(first ? "\"" : ",\"")
                        .append(counter.label())
                        .append("\":")
                        .append(value);
                first = false;
            }
        }
        json.append('}');
    }

    /** Grows while all is well, so it is not worth a line. */
    private static boolean isTraffic(Counter counter) {
        return switch (counter) {
            case DATAGRAMS, BYTES, PARSED, FORWARDED, PAYLOADS_SENT, ENHANCED -> true;
            default -> false;
        };
    }

    private record Head(long received, long delivered, long held, long lost) {
        boolean balances() {
            return received == delivered + held + lost;
        }
    }
}
