package io.dogsled.lambda;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.lambda.InvocationListener.Moment;

/**
 * When an invocation begins, when it ends, and when the engine says <em>done</em>. Owned by the main thread.
 *
 * <p>Three worlds. Where the platform announces the end of an invocation, <em>done</em> waits for that and for the flush
 * after it, at most for the budget. Where it does not (SAM local; or it promised and stayed silent once), nobody can wait
 * for what nobody announces: <em>done</em> is said at once, and a flush comes when the data has been quiet for a few
 * milliseconds, at the next invocation, or on request. On Managed Instances there are no invocations to see at all, and
 * the interval decides (architecture.md, "No end signal, no waiting"; rulings.md 22, 25).
 */
final class Invocations {
    private static final long MARGIN_MS = 100;
    private static final long MARGIN_PART = 10;
    private static final long LONGEST_NOISE_MS = 1_000;

    private static final long SHUTDOWN_MS = 2_000;
    private static final long LATE_TELEMETRY_MS = 100;
    private static final long LATE_TELEMETRY_PART = 4;
    private static final long SURE_SHUTDOWN_MS = 1_000;
    private static final long ABSURD_SHUTDOWN_MS = 90_000;
    private static final int SHOWN_ID = 64;
    private static final long NS_PER_MS = 1_000_000L;

    private final LambdaLoop.Setup setup;
    private final LauncherChannel channel;
    private final InvocationListener listener;
    private final Alarm alarm;
    private final long startNs;

    private LifeCycle state = LifeCycle.STARTING;
    private boolean managed;
    private boolean announced;
    private String requestId = "";
    private long deadlineMs;
    private boolean holding;
    private boolean successor;
    private boolean sawItBegin;
    private boolean maybeCopied;
    private long datagramsSeen;
    private String earlyId = "";
    private boolean noisy;
    private long noisySinceNs;

    /** Whether telemetry was to be believed when the invocation began. */
    private boolean trusted;

    /** SHUTDOWN has come, and the last flush waits for late telemetry; {@link #lastDeadline} holds for both. */
    private boolean ending;

    private Deadline lastDeadline;

    Invocations(LambdaLoop.Setup setup, LauncherChannel channel, InvocationListener listener) {
        this.setup = setup;
        this.channel = channel;
        this.listener = listener;
        this.alarm = new Alarm(channel);
        this.managed = setup.managedInstances();
        this.maybeCopied = setup.snapStart();
        this.startNs = setup.clock().nowNs();
        this.lastDeadline = Deadline.after(startNs, 0);
    }

    LifeCycle state() {
        return state;
    }

    void onRegistered(Registration registration) {
        managed = managed || !registration.invokeEvents();
        announced = registration.announcesEnds() && !managed;
        listener.onRegistered(registration);
        if (state == LifeCycle.STARTING) {
            move(LifeCycle.IDLE);
        }
        setup.signal().disarm();
        listenUnlessAnnounced();
        long nowNs = setup.clock().nowNs();
        if (managed) {
            alarm.set(Alarm.INTERVAL, nowNs, listener.intervalMs());
        } else if (!announced && listener.hasUnflushed()) {
            alarm.set(Alarm.QUIET, nowNs, DataSignal.QUIET_MS);
        }
        alarm.ask(nowNs);
    }

    void onInvoke(LambdaEvent event, long receivedNs) {
        forgetSnapshot();
        if (state == LifeCycle.INVOKING) {
            nextCameFirst();
        }
        move(LifeCycle.INVOKING);
        requestId = event.requestId();
        deadlineMs = event.deadlineMs();
        holding = true;
        trusted = announced;
        sawItBegin = !successor || receivedNs - startNs >= 0;
        boolean hold = listener.onInvoke(event) && announced;
        if (!hold) {
            done(); // before anything else: the function may be quicker than we are
        }
        flush(announced ? Moment.START : Moment.QUIET, bounded(setup.clock().nowNs()));
        if (!announced) {
            move(LifeCycle.IDLE);
            return;
        }
        if (hold) {
            if (listener.awaitsData()) {
                setup.signal().arm();
            }
            watchTheEnd(receivedNs);
        }
        setInterval();
        alarm.ask(setup.clock().nowNs());
    }

    private void setInterval() {
        long intervalMs = listener.intervalMs();
        if (intervalMs > 0 && (managed || state == LifeCycle.INVOKING)) {
            alarm.set(Alarm.INTERVAL, setup.clock().nowNs(), intervalMs);
        } else {
            alarm.clear(Alarm.INTERVAL); // that of an invocation before
        }
    }

    /**
     * {@code platform.runtimeDone}: late ones, repeated ones and those of other requests change nothing (TEL-07). One that
     * overtakes its own INVOKE, because the answer of {@code /next} came slowly, is remembered for it.
     */
    void onRuntimeDone(String endedRequestId, long receivedNs) {
        if (state != LifeCycle.INVOKING || ending || !announced || !endedRequestId.equals(requestId)) {
            earlyId = endedRequestId;
            return;
        }
        alarm.clear(Alarm.FALLBACK);
        if (holding) {
            alarm.clear(Alarm.INTERVAL);
            flush(Moment.END, bounded(receivedNs));
            done();
        }
        move(LifeCycle.IDLE);
    }

    void onTick() {
        long nowNs = setup.clock().nowNs();
        if (ending) {
            onTickAtTheEnd(nowNs);
            return;
        }
        if (alarm.takeDue(Alarm.FALLBACK, nowNs)) {
            nobodySaidTheEnd(nowNs);
        }
        if (alarm.takeDue(Alarm.INTERVAL, nowNs)) {
            onInterval(nowNs);
        }
        alarm.clear(Alarm.QUIET);
        if (!announced && !managed) {
            lookForQuiet(nowNs);
        } else if (holding && listener.awaitsData()) {
            flush(Moment.DATA, bounded(nowNs));
        }
        alarm.ask(setup.clock().nowNs());
    }

    /** Another thread asks for a flush. */
    void onRequest(Deadline deadline) {
        flush(Moment.NOW, deadline);
        alarm.ask(setup.clock().nowNs());
    }

    /** Another engine ran before this one. */
    void onRestarted() {
        successor = true;
        maybeCopied = false;
    }

    /** Whoever sees the first event was restored a moment ago; an engine that was started later was not. */
    private void forgetSnapshot() {
        if (maybeCopied) {
            maybeCopied = false;
            listener.onRestored(Deadline.after(setup.clock().nowNs(), setup.budgetMs()));
        }
    }

    void onShutdown(LambdaEvent event) {
        forgetSnapshot();
        long nowNs = setup.clock().nowNs();
        long leftMs = leftAtShutdownMs(event.deadlineMs());
        lastDeadline = Deadline.after(nowNs, leftMs - margin(leftMs));
        listener.onShutdown(event);
        boolean wait = (trusted || managed) && listener.awaitsTelemetry();
        if (wait) {
            awaitTelemetry();
        } else {
            onLast(lastDeadline.remainingMs(setup.clock().nowNs()));
        }
    }

    /** Since a thaw the clock may be wrong: the platform leaves us a second in any case, and never gives minutes. */
    private long leftAtShutdownMs(long shutdownDeadlineMs) {
        long leftMs =
                shutdownDeadlineMs > 0 ? shutdownDeadlineMs - setup.clock().nowMs() : SHUTDOWN_MS;
        if (leftMs <= 0) {
            return SURE_SHUTDOWN_MS;
        }
        return leftMs > ABSURD_SHUTDOWN_MS ? SHUTDOWN_MS : leftMs;
    }

    /** What is here leaves first, so that it has lost nothing if the time for more is over sooner than thought. */
    private void awaitTelemetry() {
        ending = true;
        alarm.clearAll();
        long nowNs = setup.clock().nowNs();
        long partMs = lastDeadline.remainingMs(nowNs) / LATE_TELEMETRY_PART;
        flush(Moment.NOW, Deadline.after(nowNs, Math.min(setup.budgetMs(), partMs)));
        alarm.set(Alarm.LATE_TELEMETRY, setup.clock().nowNs(), Math.min(LATE_TELEMETRY_MS, partMs));
        alarm.ask(setup.clock().nowNs());
    }

    /** A batch has been worked on. */
    void onTelemetryRead() {
        if (ending && !listener.awaitsTelemetry()) {
            onLast(lastDeadline.remainingMs(setup.clock().nowNs()));
        }
    }

    private void onTickAtTheEnd(long nowNs) {
        alarm.clear(Alarm.QUIET);
        if (alarm.takeDue(Alarm.LATE_TELEMETRY, nowNs)) {
            onLast(lastDeadline.remainingMs(nowNs));
        } else {
            alarm.ask(nowNs);
        }
    }

    /** The last flush, for at most {@code leftMs}. */
    void onLast(long leftMs) {
        alarm.clearAll();
        move(LifeCycle.SHUTTING_DOWN);
        listener.onFlush(Moment.LAST, Deadline.after(setup.clock().nowNs(), leftMs));
    }

    /** After an exception: whatever was going on is over, and nobody waits for us. */
    void recover() {
        if (state == LifeCycle.SHUTTING_DOWN) {
            return;
        }
        if (holding) {
            done();
        }
        alarm.clear(Alarm.FALLBACK);
        state = LifeCycle.IDLE;
        if (ending) {
            alarm.set(Alarm.LATE_TELEMETRY, setup.clock().nowNs(), 0);
            alarm.ask(setup.clock().nowNs());
            return;
        }
        listenUnlessAnnounced();
        if (managed) {
            alarm.set(Alarm.INTERVAL, setup.clock().nowNs(), listener.intervalMs());
        }
        alarm.ask(setup.clock().nowNs());
    }

    /** The launcher did not wait any longer: the invocation before this one ended, and nobody has said so. */
    private void nextCameFirst() {
        if (holding) {
            if (deadlineMs > 0) { // without one the launcher may have gone on for another reason
                distrust();
            }
            holding = false;
        }
        alarm.clear(Alarm.FALLBACK);
        move(LifeCycle.IDLE);
    }

    /** Unless the end has been announced already. */
    private void watchTheEnd(long receivedNs) {
        if (earlyId.equals(requestId)) {
            onRuntimeDone(requestId, receivedNs);
        } else if (deadlineMs > 0) {
            long leftMs = deadlineMs - setup.clock().nowMs();
            alarm.set(Alarm.FALLBACK, setup.clock().nowNs(), leftMs - margin(leftMs));
        }
    }

    /** The bound of an invocation whose end was not announced, although it was to be (TEL-08). */
    private void nobodySaidTheEnd(long nowNs) {
        if (state != LifeCycle.INVOKING || !holding) {
            return;
        }
        distrust();
        long leftMs = deadlineMs - setup.clock().nowMs();
        flush(Moment.NOW, Deadline.after(nowNs, Math.min(setup.budgetMs(), leftMs / 4)));
        done();
        move(LifeCycle.IDLE);
    }

    /** Not when it began under another engine: then the announcement may have come while none ran. */
    private void distrust() {
        if (!sawItBegin) {
            return;
        }
        announced = false;
        setup.signal().arm();
        setup.log()
                .warn("nobody announced the end of invocation " + shown(requestId)
                        + ": the function ran into its timeout, or the"
                        + " platform's telemetry is silent; Dogsled waits for no announcement any more and flushes when"
                        + " data is quiet");
    }

    private static String shown(String requestId) {
        return requestId.length() <= SHOWN_ID ? requestId : requestId.substring(0, SHOWN_ID) + "...";
    }

    private void onInterval(long nowNs) {
        flush(Moment.INTERVAL, state == LifeCycle.INVOKING ? bounded(nowNs) : Deadline.after(nowNs, setup.budgetMs()));
        setInterval();
    }

    /** Quiet = not one datagram between two ticks; a sender that never pauses is flushed now and then all the same. */
    private void lookForQuiet(long nowNs) {
        // first of all, so that a datagram that comes while we look brings a tick of its own
        setup.signal().arm();
        long datagrams = setup.counters().value(Counter.DATAGRAMS);
        boolean arriving = datagrams != datagramsSeen;
        datagramsSeen = datagrams;
        if (arriving && !noisy) {
            noisy = true;
            noisySinceNs = nowNs;
        }
        if (arriving && nowNs - noisySinceNs < LONGEST_NOISE_MS * NS_PER_MS) {
            setup.signal().disarm();
            alarm.set(Alarm.QUIET, nowNs, DataSignal.QUIET_MS);
            return;
        }
        noisy = false;
        if (listener.hasUnflushed()) {
            flush(Moment.QUIET, Deadline.after(nowNs, setup.budgetMs()));
        }
    }

    /** Listens again before the flush looks, so that what arrives meanwhile brings a tick of its own. */
    private void flush(Moment moment, Deadline deadline) {
        listenUnlessAnnounced();
        LifeCycle before = state;
        move(LifeCycle.FLUSHING);
        listener.onFlush(moment, deadline);
        move(before == LifeCycle.STARTING ? LifeCycle.IDLE : before);
    }

    /** On Managed Instances the interval decides, and nobody has to say that data comes. */
    private void listenUnlessAnnounced() {
        if (!announced && !managed) {
            setup.signal().arm();
        }
    }

    private void done() {
        holding = false;
        channel.done(requestId);
    }

    private void move(LifeCycle next) {
        state = state.to(next);
    }

    /** The budget from {@code fromNs} on, but never beyond the function's own deadline. */
    private Deadline bounded(long fromNs) {
        Deadline budget = Deadline.after(fromNs, setup.budgetMs());
        if (deadlineMs <= 0) {
            return budget;
        }
        long leftMs = deadlineMs - setup.clock().nowMs();
        return budget.earlier(Deadline.after(setup.clock().nowNs(), leftMs - margin(leftMs)));
    }

    /** What stays free before a deadline (rulings.md 27). */
    private static long margin(long leftMs) {
        return Math.min(MARGIN_MS, Math.max(0, leftMs) / MARGIN_PART);
    }
}
