package io.dogsled;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.flush.Arrivals;
import io.dogsled.flush.FlushDecision;
import io.dogsled.flush.FlushMoment;
import io.dogsled.flush.FlushPolicy;
import io.dogsled.flush.FlushReport;
import io.dogsled.flush.FlushState;
import io.dogsled.flush.Flusher;
import io.dogsled.flush.LossLines;
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
            LossLines losses,
            @Nullable EnhancedMetrics enhanced,
            Instruments instruments) {}

    private static final long HAND_BACK_MS = 5;
    private static final long HAND_BACK_PART = 50;
    private static final long NS_PER_MS = 1_000_000L;

    /** So long may the end of an invocation take where nobody waits for the intake. */
    private static final long HAND_OVER_MS = 3;

    /** So long is waited for a request to be on its way, where its answer is not waited for. */
    private static final long PATIENCE_MS = 25;

    private final Config config;
    private final Parts parts;
    private final FlushPolicy policy;
    private final Arrivals arrivals;
    private FlushDecision atInvoke = FlushDecision.NOTHING;
    private final PlatformEvents events;
    private final HeapBound heap = new HeapBound();
    private @Nullable LambdaLoop loop;
    private boolean managed;
    private long lastFlushMs;
    private boolean lastHadData;
    private boolean sawData;
    private long batchReceivedNs;
    private long wordMs = FlushReport.NO_WORD;

    Moments(Config config, Parts parts) {
        this.config = config;
        this.parts = parts;
        this.policy = new FlushPolicy(config.flush());
        this.arrivals = policy.arrivals();
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
        lastHadData = false;
        sawData = false;
        arrivals.beginAnew();
        parts.flusher().beginAnew(deadline);
    }

    /** Decides once whether the invocation is held; what there is to do then comes with {@link Moment#START}. */
    @Override
    public boolean onInvoke(LambdaEvent event) {
        EnhancedMetrics enhanced = parts.enhanced();
        if (enhanced != null) {
            enhanced.onInvoke(event.requestId(), event.invokedFunctionArn());
        }
        arrivals.onArrival(clock().nowMs());
        atInvoke = decide(FlushMoment.INVOKE);
        return atInvoke.hold();
    }

    @Override
    public void onFlush(Moment moment, Deadline deadline) {
        switch (moment) {
            case START -> act(atInvoke, deadline);
            case DATA -> onData(deadline);
            case END -> atEnd(decide(FlushMoment.RUNTIME_DONE), deadline);
            case INTERVAL -> act(decide(managed ? FlushMoment.MANAGED_TICK : FlushMoment.TICK), deadline);
            case QUIET -> act(decide(FlushMoment.QUIET), deadline);
            case NOW -> act(decide(FlushMoment.CONTROL), deadline);
            case LAST -> parts.flusher().shutdown(deadline);
        }
        if (moment == Moment.START || moment == Moment.QUIET || moment == Moment.INTERVAL) {
            heap.check(); // nobody waits
            parts.losses().check(clock().nowMs());
        }
    }

    /** Also asked at a tick that came for another reason. */
    private void onData(Deadline deadline) {
        if (parts.flusher().waitingSamples() > 0) {
            sawData = true;
            act(decide(FlushMoment.DATA), deadline);
        }
    }

    private FlushDecision decide(FlushMoment moment) {
        FlushState state = state();
        FlushDecision decision = policy.decide(moment, state);
        if (parts.instruments().log().isDebug()) {
            parts.instruments().log().debug(policy.line(moment, decision, state));
        }
        return decision;
    }

    private FlushState state() {
        Flusher flusher = parts.flusher();
        long waiting = flusher.waitingSamples();
        return new FlushState(
                clock().nowMs(),
                lastFlushMs,
                arrivals.steady(),
                arrivals.gapMs(),
                flusher.isOpen(),
                flusher.answerMs(),
                flusher.keeps(),
                waiting,
                waiting > 0 || lastHadData);
    }

    /** Only here somebody is held. */
    private void atEnd(FlushDecision decision, Deadline deadline) {
        parts.flusher().onWord(wordMs);
        switch (decision.action()) {
            case SEND -> act(decision, deadline.earlier(within(HAND_OVER_MS)));
            case WAIT_BRIEFLY -> act(decision, deadline.earlier(within(PATIENCE_MS)));
            default -> act(decision, handingBack(deadline));
        }
    }

    /** From the end of a wait until the launcher has polled is part of the budget as well. */
    private Deadline handingBack(Deadline deadline) {
        long leftMs = deadline.remainingMs(clock().nowNs());
        return within(leftMs - Math.min(HAND_BACK_MS, leftMs / HAND_BACK_PART));
    }

    private void act(FlushDecision decision, Deadline deadline) {
        Flusher flusher = parts.flusher();
        if (decision.action().compareTo(FlushDecision.Action.SEND) >= 0) {
            lastFlushMs = clock().nowMs();
        }
        switch (decision.action()) {
            case NONE -> {}
            case PREPARE -> flusher.prepare();
            case BEGIN -> flusher.begin();
            case SEND -> onReport(flusher.send(deadline));
            case WAIT_BRIEFLY -> onReport(flusher.sendAndStay(deadline));
            case WAIT -> onReport(flusher.flush(deadline));
        }
    }

    private void onReport(FlushReport report) {
        lastHadData = report.newSamples() > 0;
        sawData |= lastHadData;
    }

    private Deadline within(long ms) {
        return Deadline.after(clock().nowNs(), ms);
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
        FlushState state = state();
        return managed ? policy.managedTickMs(state) : policy.tickMs(state);
    }

    /** Until there was any: a function that sends nothing needs no connection, and one that has begun to will do so again. */
    @Override
    public boolean awaitsData() {
        return !sawData;
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
            wordMs = wordMs(event.timeMs());
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

    /** From the end of the function to the moment the launcher had the word about it; two clocks that disagree tell nothing. */
    private long wordMs(long endedMs) {
        if (endedMs == 0) {
            return FlushReport.NO_WORD;
        }
        long receivedMs = clock().nowMs() - (clock().nowNs() - batchReceivedNs) / NS_PER_MS;
        return receivedMs < endedMs ? FlushReport.NO_WORD : receivedMs - endedMs;
    }

    private Clock clock() {
        return parts.instruments().clock();
    }
}
