package io.dogsled.flush;

import io.dogsled.config.Config;
import io.dogsled.config.Config.Strategy;

/**
 * Strategy, moment and time → decision. Pure: no clock, no state, so that its table of cases is its test.
 *
 * <pre>
 *               INVOKE                 RUNTIME_DONE         TICK                   CONTROL, SHUTDOWN
 * adaptive      only without an end    always               when the interval is   always
 * end           signal                 always               over: nobody else
 * end,MS                               interval over        asks for ticks
 * periodically  interval over          never                interval over          always
 * continuously  interval over          never                interval over          always
 * </pre>
 *
 * <p>Adaptive is {@code end} for now: the delivery that weighs post-runtime time against the age of data comes with the flush
 * engine, and {@link #startLine} says so.
 */
public final class FlushPolicy {
    /** The Agent's interval for {@code periodically} without one (pkg/serverless/flush/strategy.go). */
    static final long DEFAULT_INTERVAL_MS = 10_000;

    private final Strategy strategy;
    private final long intervalMs;

    public FlushPolicy(Config.Flush config) {
        this.strategy = config.strategy();
        boolean periodic = strategy == Strategy.PERIODICALLY || strategy == Strategy.CONTINUOUSLY;
        this.intervalMs = config.intervalMs() == 0 && periodic ? DEFAULT_INTERVAL_MS : config.intervalMs();
    }

    /**
     * Decides.
     *
     * @param nowMs wall clock, since the interval goes on while the sandbox is frozen
     * @param lastFlushMs when the last flush began, 0 = none yet
     * @param endSignal whether the platform says when a function has ended; where it does not, an invocation begins with
     *     what the one before left
     */
    public FlushDecision decide(FlushMoment moment, long nowMs, long lastFlushMs, boolean endSignal) {
        return switch (moment) {
            case CONTROL -> FlushDecision.yes("asked for");
            case SHUTDOWN -> FlushDecision.yes("the sandbox ends");
            case INVOKE -> atInvoke(nowMs, lastFlushMs, endSignal);
            case RUNTIME_DONE -> atEnd(nowMs, lastFlushMs);
            case TICK -> byInterval(intervalMs == 0 ? DEFAULT_INTERVAL_MS : intervalMs, nowMs, lastFlushMs);
        };
    }

    /** How often a tick is wanted while the sandbox runs; 0 = never. */
    public long tickMs() {
        return strategy == Strategy.CONTINUOUSLY ? intervalMs : 0;
    }

    /** How often a tick is wanted where invocations have no beginning and no end (Managed Instances). */
    public long managedTickMs() {
        return intervalMs == 0 ? DEFAULT_INTERVAL_MS : intervalMs;
    }

    /** One line at start that says what the strategy does in this version. */
    public String startLine() {
        return switch (strategy) {
            case ADAPTIVE -> "flush strategy adaptive: in this version a flush at the end of each invocation";
            case END ->
                intervalMs == 0
                        ? "flush strategy end: a flush at the end of each invocation"
                        : "flush strategy end: a flush at the end of an invocation once " + intervalMs + " ms are over";
            case PERIODICALLY ->
                "flush strategy periodically: a flush at the begin of an invocation once " + intervalMs
                        + " ms are over";
            case CONTINUOUSLY ->
                "flush strategy continuously: a flush every " + intervalMs
                        + " ms of running time, also at the begin of an invocation";
        };
    }

    private FlushDecision atInvoke(long nowMs, long lastFlushMs, boolean endSignal) {
        if (strategy == Strategy.PERIODICALLY || strategy == Strategy.CONTINUOUSLY) {
            return byInterval(intervalMs, nowMs, lastFlushMs);
        }
        return endSignal
                ? FlushDecision.no("this strategy flushes at the end")
                : FlushDecision.yes("nobody says when a function has ended");
    }

    private FlushDecision atEnd(long nowMs, long lastFlushMs) {
        if (strategy == Strategy.PERIODICALLY || strategy == Strategy.CONTINUOUSLY) {
            return FlushDecision.no("this strategy does not flush at the end");
        }
        return intervalMs == 0
                ? FlushDecision.yes("the function has answered")
                : byInterval(intervalMs, nowMs, lastFlushMs);
    }

    private static FlushDecision byInterval(long intervalMs, long nowMs, long lastFlushMs) {
        long sinceMs = nowMs - lastFlushMs;
        if (lastFlushMs == 0 || sinceMs >= intervalMs || sinceMs < 0) {
            return FlushDecision.yes("the interval is over");
        }
        return FlushDecision.no("the last flush was " + sinceMs + " ms ago");
    }
}
