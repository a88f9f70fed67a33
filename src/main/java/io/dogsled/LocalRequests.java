package io.dogsled;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.control.ControlServer;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.flush.Ledger;
import io.dogsled.lambda.LambdaLoop;
import org.jspecify.annotations.Nullable;

/**
 * Connects the local endpoint to the loop, which flushes, to the ledger, and to the server's statistics. The thread {@code
 * control}.
 */
final class LocalRequests implements ControlServer.Requests {
    private static final String UNAVAILABLE = "503 Service Unavailable";
    private static final ControlServer.Answer NO_SERVER = new ControlServer.Answer(
            "400 Bad Request", "{\"error\":\"no DogStatsD server runs\",\"error_type\":\"no server\"}");
    private static final ControlServer.Answer NOT_ENABLED = new ControlServer.Answer(
            "400 Bad Request",
            "{\"error\":\"debug statistics are off: set DD_DOGSTATSD_METRICS_STATS_ENABLE to true, or POST"
                    + " /dogstatsd-stats?enable=true\",\"error_type\":\"not enabled\"}");

    private final LambdaLoop loop;
    private final Ledger ledger;
    private final Counters counters;
    private final @Nullable DogStatsDServer server;

    /** {@code server}: null if nothing is received. */
    LocalRequests(LambdaLoop loop, Ledger ledger, Counters counters, @Nullable DogStatsDServer server) {
        this.loop = loop;
        this.ledger = ledger;
        this.counters = counters;
        this.server = server;
    }

    /** {@code delivered}: samples acknowledged meanwhile; {@code held}: those that wait for the next flush. */
    @Override
    public String flush(Deadline deadline) throws InterruptedException {
        long before = counters.value(Counter.DELIVERED);
        boolean flushed = loop.submitFlush(deadline);
        long delivered = counters.value(Counter.DELIVERED) - before;
        return "{\"flushed\":" + flushed + ",\"delivered\":" + delivered + ",\"held\":" + ledger.held() + "}";
    }

    @Override
    public String ledger() {
        return ledger.json();
    }

    @Override
    public String endpointLedgers() {
        return ledger.endpointsJson();
    }

    @Override
    public String counters() {
        return ledger.countersJson();
    }

    @Override
    public ControlServer.Answer health() {
        if (server == null) {
            return new ControlServer.Answer(UNAVAILABLE, "{\"healthy\":false,\"listeners\":[]}");
        }
        return new ControlServer.Answer(server.isHealthy() ? "200 OK" : UNAVAILABLE, server.healthJson());
    }

    /** As the Agent answers: 400 with an {@code error_type} if there is nothing to show. */
    @Override
    public ControlServer.Answer stats() {
        if (server == null) {
            return NO_SERVER;
        }
        String stats = server.statsJson();
        return stats.isEmpty() ? NOT_ENABLED : new ControlServer.Answer("200 OK", stats);
    }

    @Override
    public ControlServer.Answer enableStats(boolean on) {
        if (server == null) {
            return NO_SERVER;
        }
        server.debugStats().enable(on);
        String stats = server.statsJson();
        return new ControlServer.Answer("200 OK", stats.isEmpty() ? "{\"metrics_stats\":false}" : stats);
    }
}
