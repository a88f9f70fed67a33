package io.dogsled.flush;

import io.dogsled.config.Config;
import io.dogsled.config.Config.Strategy;
import io.dogsled.flush.FlushDecision.Action;

/**
 * Strategy, moment and {@link FlushState state} → decision. Pure: no clock, no state of its own, so that its table of cases
 * is its test.
 *
 * <pre>
 *                INVOKE                       RUNTIME_DONE, if held      TICK
 * adaptive       unsteady: hold               wait; slow intake:         send, so that nothing gets
 *                steady: done at once, send   until it is on its way     older than the bound
 * end            hold                         wait                       nothing
 * end,MS         MS over: hold                MS over: wait              MS over: send
 * periodically   MS over: send                (never held)               MS over: send
 * continuously   MS over: send                (never held)               MS over: send
 *
 * MANAGED_TICK: MS (10 s) over: send.  QUIET: send.  CONTROL, SHUTDOWN: wait.
 * Where the breaker is open no invocation is held: send at INVOKE. Nobody waits at an end then: send.
 * INVOKE and ticks, if there is nothing else to do: begin with what is kept. INVOKE, if held and nothing is kept, but something is
 * expected, and the first data of a sandbox: prepare.
 * </pre>
 *
 * <p>Adaptive minimises the time after the function that is billed, subject to a bound on the age of data. To hold an invocation
 * costs the platform's word about its end (25 ms at least, the buffering of telemetry) and the flush. To defer, that is to be
 * done at once and to send at the next INVOKE, costs nothing but age: the gap to the next invocation; and where none comes, the
 * time until SHUTDOWN, some 300 s. After n steady arrivals the chance that none comes is 1/(n+2) by Laplace's rule
 * of succession, so the age to be expected is
 *
 * <pre>    300 s / (n + 2) + usual gap</pre>
 *
 * and the strategy defers as long as that is within the bound: at the default of 10 s from 28 steady arrivals on, from 34 if they are 1.5 s apart.
 * The row had to be earned by as many held invocations, so the mean age keeps to the bound even against traffic that always
 * pauses right after the strategy has begun to defer (docs/decisions/022-adaptive.md).
 */
public final class FlushPolicy {
    /** The Agent's interval for {@code periodically} without one (pkg/serverless/flush/strategy.go). */
    static final long DEFAULT_INTERVAL_MS = 10_000;

    /** So long a sandbox without work is usually kept before SHUTDOWN comes; Lambda promises nothing. */
    static final long IDLE_LIFE_MS = 300_000;

    /** An intake that takes longer is not waited for at the end, where it need not be. */
    static final long SLOW_ANSWER_MS = 25;

    /** Younger data is not worth a request of its own; a quarter of the bound, if that is less. */
    private static final long WORTH_SENDING_MS = 1_000;

    private static final int WORTH_SENDING_PART = 4;

    /** So many samples are worth a request at any age: more would not fit into one payload. */
    static final long MANY_SAMPLES = 10_000;

    /** While the intake is away and data waits for it, a long invocation looks so often whether a probe is due. */
    private static final long PROBE_TICK_MS = 1_000;

    private static final FlushDecision ASKED_FOR = FlushDecision.of(Action.WAIT, "asked for");
    private static final FlushDecision LAST = FlushDecision.of(Action.WAIT, "the sandbox ends");
    private static final FlushDecision NO_END = FlushDecision.of(Action.SEND, "nobody says when a function has ended");
    private static final FlushDecision OVER = FlushDecision.of(Action.SEND, "the interval is over");
    private static final FlushDecision NOT_OVER = FlushDecision.of(Action.NONE, "the interval is not over");
    private static final FlushDecision AT_END = FlushDecision.of(Action.NONE, "this strategy flushes at the end");
    private static final FlushDecision NEVER_AT_END =
            FlushDecision.of(Action.NONE, "this strategy does not flush at the end");
    private static final FlushDecision ANSWERED = FlushDecision.of(Action.WAIT, "the function has answered");
    private static final FlushDecision ANSWERED_SLOW = FlushDecision.of(
            Action.WAIT_BRIEFLY, "the function has answered; the intake is slow, so its answer is read later");
    private static final FlushDecision ANSWERED_OPEN =
            FlushDecision.of(Action.SEND, "the function has answered; the intake does not, so nobody waits for it");
    private static final FlushDecision AGED = FlushDecision.of(Action.SEND, "data must not get older");
    private static final FlushDecision YOUNG = FlushDecision.of(Action.NONE, "data is young");
    private static final FlushDecision RETRY =
            FlushDecision.of(Action.BEGIN, "what is kept is tried again while the function runs");
    private static final FlushDecision RETRY_HELD =
            FlushDecision.held(Action.BEGIN, "the end is flushed; what is kept is tried again meanwhile");
    private static final FlushDecision AHEAD =
            FlushDecision.held(Action.PREPARE, "the end is flushed; the connection is opened meanwhile");
    private static final FlushDecision FIRST_DATA =
            FlushDecision.of(Action.PREPARE, "there will be something to send: the connection is opened meanwhile");
    private static final FlushDecision NO_USE = FlushDecision.of(Action.NONE, "the intake does not answer");
    private static final FlushDecision HELD = FlushDecision.held(Action.NONE, "the end is flushed");
    private static final FlushDecision OPEN =
            FlushDecision.of(Action.SEND, "the intake does not answer, so the end is not waited for");
    private static final FlushDecision DEFERRED =
            FlushDecision.of(Action.SEND, "steady traffic: what waits leaves now, and the end is not waited for");
    private static final FlushDecision DEFERRED_YOUNG =
            FlushDecision.of(Action.NONE, "steady traffic: data is young, and the end is not waited for");

    private final Strategy strategy;
    private final long intervalMs;
    private final long maxAgeMs;
    private final long worthMs;

    public FlushPolicy(Config.Flush config) {
        this.strategy = config.strategy();
        this.intervalMs = config.intervalMs() == 0 && isPeriodic() ? DEFAULT_INTERVAL_MS : config.intervalMs();
        this.maxAgeMs = config.maxDataAgeMs();
        this.worthMs = Math.min(WORTH_SENDING_MS, maxAgeMs / WORTH_SENDING_PART);
    }

    /** A history of arrivals as this strategy wants it. */
    public Arrivals arrivals() {
        return new Arrivals(maxAgeMs);
    }

    /** Decides. At {@link FlushMoment#RUNTIME_DONE} only for an invocation that is held. */
    public FlushDecision decide(FlushMoment moment, FlushState state) {
        return switch (moment) {
            case INVOKE -> atInvoke(state);
            case DATA -> state.open() ? NO_USE : FIRST_DATA;
            case RUNTIME_DONE -> atEnd(state);
            case TICK -> atTick(state);
            case MANAGED_TICK -> isOver(wholeIntervalMs(), state) ? OVER : otherwise(NOT_OVER, state);
            case QUIET -> NO_END;
            case CONTROL -> ASKED_FOR;
            case SHUTDOWN -> LAST;
        };
    }

    /** After how many milliseconds a tick is wanted while a function runs; 0 = none. */
    public long tickMs(FlushState state) {
        long wantedMs = switch (strategy) {
            case ADAPTIVE -> maxAgeMs - worthMs;
            case END, PERIODICALLY, CONTINUOUSLY -> intervalMs == 0 ? 0 : untilOver(intervalMs, state);
        };
        if (state.open() && state.kept()) {
            return wantedMs == 0 ? PROBE_TICK_MS : Math.min(wantedMs, PROBE_TICK_MS);
        }
        return wantedMs;
    }

    /** The same where invocations have no beginning and no end (Managed Instances): never 0. */
    public long managedTickMs(FlushState state) {
        return untilOver(wholeIntervalMs(), state);
    }

    private FlushDecision atInvoke(FlushState state) {
        if (isPeriodic()) {
            return isOver(intervalMs, state) ? OVER : otherwise(NOT_OVER, state);
        }
        if (strategy == Strategy.END) {
            return isOver(intervalMs, state) ? held(state) : otherwise(NOT_OVER, state);
        }
        if (expectedAgeMs(state) > maxAgeMs) {
            return held(state);
        }
        boolean worth = state.ageMs() >= worthMs || state.waiting() >= MANY_SAMPLES;
        return worth ? DEFERRED : otherwise(DEFERRED_YOUNG, state);
    }

    /** The end of an invocation is worth holding it, unless nothing could be delivered there. */
    private static FlushDecision held(FlushState state) {
        if (state.open()) {
            return OPEN;
        }
        if (state.kept()) {
            return RETRY_HELD;
        }
        return state.expects() ? AHEAD : HELD;
    }

    private static FlushDecision otherwise(FlushDecision nothing, FlushState state) {
        return state.kept() ? RETRY : nothing;
    }

    private FlushDecision atEnd(FlushState state) {
        if (isPeriodic()) {
            return NEVER_AT_END;
        }
        if (!isOver(intervalMs, state)) {
            return NOT_OVER;
        }
        if (state.open()) {
            return ANSWERED_OPEN;
        }
        // an intake that still owes the answer of the flush before may be gone, and only a wait lets the breaker see it
        boolean slow = strategy == Strategy.ADAPTIVE && state.answerMs() > SLOW_ANSWER_MS && !state.kept();
        return slow ? ANSWERED_SLOW : ANSWERED;
    }

    private FlushDecision atTick(FlushState state) {
        if (strategy == Strategy.ADAPTIVE) {
            return state.ageMs() >= worthMs ? AGED : otherwise(YOUNG, state);
        }
        if (intervalMs == 0) {
            return otherwise(AT_END, state);
        }
        return isOver(intervalMs, state) ? OVER : otherwise(NOT_OVER, state);
    }

    /** How old data is expected to get if its end is not waited for, rounded up. */
    static long expectedAgeMs(FlushState state) {
        return Math.ceilDiv(IDLE_LIFE_MS, state.steady() + 2L) + state.gapMs();
    }

    private boolean isPeriodic() {
        return strategy == Strategy.PERIODICALLY || strategy == Strategy.CONTINUOUSLY;
    }

    private long wholeIntervalMs() {
        if (intervalMs > 0) {
            return intervalMs;
        }
        return strategy == Strategy.ADAPTIVE ? Math.min(DEFAULT_INTERVAL_MS, maxAgeMs) : DEFAULT_INTERVAL_MS;
    }

    private static boolean isOver(long intervalMs, FlushState state) {
        return state.ageMs() >= intervalMs;
    }

    /** What is over already begins anew: somebody has just decided about it. */
    private static long untilOver(long intervalMs, FlushState state) {
        return isOver(intervalMs, state) ? intervalMs : intervalMs - state.ageMs();
    }

    /** One line at start that says what the strategy does. */
    public String startLine() {
        return switch (strategy) {
            case ADAPTIVE ->
                "flush strategy adaptive: at the end of an invocation; while invocations come steadily, at the begin of the"
                        + " next one instead, so that none is held; data is expected to leave within " + maxAgeMs
                        + " ms";
            case END ->
                intervalMs == 0
                        ? "flush strategy end: a flush at the end of each invocation"
                        : "flush strategy end: a flush at the end of an invocation that begins when " + intervalMs
                                + " ms are over, and every " + intervalMs + " ms within a long one";
            case PERIODICALLY ->
                "flush strategy periodically: a flush at the begin of an invocation once " + intervalMs
                        + " ms are over, and every " + intervalMs + " ms within a long one; no invocation is held";
            case CONTINUOUSLY ->
                "flush strategy continuously: a flush every " + intervalMs
                        + " ms of running time, also at the begin of an invocation; no invocation is held";
        };
    }

    /** The line about a decision, for whoever wants to know why. */
    public String line(FlushMoment moment, FlushDecision decision, FlushState state) {
        StringBuilder line =
                new StringBuilder("flush decision at ").append(moment).append(": ");
        line.append(decision.action());
        if (moment == FlushMoment.INVOKE) {
            line.append(decision.hold() ? ", held" : ", not held");
        }
        line.append(": ").append(decision.reason()).append(" (");
        if (strategy == Strategy.ADAPTIVE) {
            line.append(state.steady()).append(" steady arrivals, one each ").append(state.gapMs());
            line.append(" ms, so deferred data would be ")
                    .append(expectedAgeMs(state))
                    .append(" ms old of ");
            line.append(maxAgeMs).append("; ");
        }
        line.append("last flush ");
        line.append(state.ageMs() == Long.MAX_VALUE ? "unknown" : state.ageMs() + " ms ago");
        line.append(", ").append(state.waiting()).append(" samples wait");
        line.append(state.kept() ? ", some are kept" : "");
        line.append(state.open() ? ", breaker open" : "");
        line.append(state.answerMs() < 0 ? "" : ", answers in " + state.answerMs() + " ms");
        return line.append(')').toString();
    }
}
