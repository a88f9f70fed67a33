package io.dogsled;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.flush.FlushDecision;
import io.dogsled.flush.FlushMoment;
import io.dogsled.flush.FlushPolicy;
import io.dogsled.flush.Flusher;
import io.dogsled.lambda.InvocationListener;
import io.dogsled.lambda.LambdaEvent;
import io.dogsled.lambda.LambdaLoop;
import io.dogsled.lambda.Registration;
import io.dogsled.telemetry.EnhancedMetrics;
import io.dogsled.telemetry.PlatformEvent;
import io.dogsled.telemetry.PlatformEvents;
import io.dogsled.telemetry.PlatformListener;
import org.jspecify.annotations.Nullable;

/**
 * Connects the moments of the loop to the flush, to the server and to telemetry, which do not know each other. Main thread.
 */
final class Moments implements InvocationListener, PlatformListener {
    /** The parts that are connected. */
    record Parts(
            @Nullable DogStatsDServer server,
            Flusher flusher,
            @Nullable EnhancedMetrics enhanced,
            Instruments instruments) {}

    private final Config config;
    private final Parts parts;
    private final FlushPolicy policy;
    private final PlatformEvents events;
    private final HeapBound heap = new HeapBound();
    private @Nullable LambdaLoop loop;
    private boolean managed;
    private long lastFlushMs;
    private long batchReceivedNs;

    Moments(Config config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.policy = new FlushPolicy(config.flush());
        this.events = new PlatformEvents(parts.instruments().counters(), parts.enhanced() != null);
        this.managed = config.function().managedInstances();
    }

    /** The loop that takes the ends of invocations; before it runs. */
    void connect(LambdaLoop runningLoop) {
        loop = runningLoop;
    }

    @Override
    public void onRegistered(Registration registration) {
        managed = managed || !registration.invokeEvents();
        parts.instruments().log().info(policy.startLine());
        new StartLines(config.dogstatsd(), parts.instruments().log()).say(registration, parts.server() != null);
        EnhancedMetrics enhanced = parts.enhanced();
        if (enhanced != null) {
            enhanced.onSubscribed(registration.telemetryStatus(), registration.invokeEvents());
            enhanced.onRegistered(
                    registration.functionName(), registration.functionVersion(), registration.accountId());
        }
    }

    @Override
    public void onRestored(Deadline deadline) {
        lastFlushMs = 0;
        parts.flusher().beginAnew(deadline);
    }

    @Override
    public boolean onInvoke(LambdaEvent event) {
        EnhancedMetrics enhanced = parts.enhanced();
        if (enhanced != null) {
            enhanced.onInvoke(event.requestId(), event.invokedFunctionArn());
        }
        heap.check(); // the function runs meanwhile
        Config.Strategy strategy = config.flush().strategy();
        return strategy == Config.Strategy.END || strategy == Config.Strategy.ADAPTIVE;
    }

    @Override
    public void onFlush(Moment moment, Deadline deadline) {
        if (moment == Moment.LAST) {
            parts.flusher().shutdown(deadline);
            return;
        }
        long nowMs = parts.instruments().clock().nowMs();
        FlushDecision decision = policy.decide(flushMoment(moment), nowMs, lastFlushMs, true);
        parts.instruments()
                .log()
                .debug(decision.flush() ? "flush: " + decision.reason() : "no flush: " + decision.reason());
        if (decision.flush()) {
            lastFlushMs = nowMs;
            parts.flusher().flush(deadline);
        }
        if (moment == Moment.INTERVAL) {
            heap.check();
        }
    }

    @Override
    public void onShutdown(LambdaEvent event) {
        EnhancedMetrics enhanced = parts.enhanced();
        if (enhanced != null) {
            enhanced.onShutdown(event.shutdownReason());
        }
    }

    @Override
    public boolean awaitsTelemetry() {
        EnhancedMetrics enhanced = parts.enhanced();
        return enhanced != null && enhanced.awaitsReport();
    }

    @Override
    public long intervalMs() {
        return managed ? policy.managedTickMs() : policy.tickMs();
    }

    @Override
    public boolean hasUnflushed() {
        return parts.flusher().hasUnflushed();
    }

    @Override
    public void onTelemetry(byte[] bytes, int start, int length, long receivedNs) {
        batchReceivedNs = receivedNs;
        events.read(bytes, start, length, this);
    }

    /** What there is to say of the end of an invocation leaves with the flush at that end. */
    @Override
    public void onPlatformEvent(PlatformEvent event) {
        EnhancedMetrics enhanced = parts.enhanced();
        if (enhanced != null) {
            enhanced.onPlatformEvent(event);
        }
        if (event.kind() == PlatformEvent.Kind.LOGS_DROPPED) {
            parts.instruments().counters().increment(Counter.TELEMETRY_DROPPED);
        }
        if (event.kind() == PlatformEvent.Kind.RUNTIME_DONE && loop != null) {
            loop.onRuntimeDone(event.requestId(), batchReceivedNs);
        }
    }

    /** What the engine before held, and datagrams that came in between: each is one sample, as nobody has parsed it. */
    @Override
    public void onRestarted(long dropped, String why) {
        parts.instruments().counters().add(Counter.RECEIVED, dropped);
        parts.instruments().counters().add(Counter.LOST_ENGINE, dropped);
        parts.instruments()
                .log()
                .warn("a new engine runs, because the one before it: " + why + "; lost with it and since: " + dropped
                        + " samples and datagrams, and what it received after its last word, which nobody counted");
    }

    private static FlushMoment flushMoment(Moment moment) {
        return switch (moment) {
            case START -> FlushMoment.INVOKE;
            case END -> FlushMoment.RUNTIME_DONE;
            case INTERVAL -> FlushMoment.TICK;
            case NOW -> FlushMoment.CONTROL;
            case LAST -> FlushMoment.SHUTDOWN;
        };
    }
}
