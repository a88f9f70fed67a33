package io.dogsled.forwarder;

import java.util.Random;

/**
 * Keeps two questions about an endpoint apart: may we send to it, and may anybody wait for it (docs/decisions/017-breaker.md).
 *
 * <pre>
 *             second flush in a row failed or late; 403             a window is over, and 2xx came since
 *   CLOSED ────────────────────────────────────────────► OPEN ──────────────────────────────────────────► HALF-OPEN
 *   send, wait  ◄──────────────────────────────────────  nobody waits          next flush waits once ────►  │  │
 *               a flush settled in time                       ▲ it failed or was late: the next window ─────┘  │
 *        ▲────────────────────────────────────────────────────────────────────────────── it settled in time ───┘
 * </pre>
 *
 * <p>While it is open because rounds <em>failed</em>, one small probe is sent when the window is over, and nothing else. While
 * it is open because flushes were <em>late</em>, sending goes on, one exchange after the other, and only the waiting stops.
 *
 * <p>Windows are of the wall clock, since they go on in a freeze, and drawn evenly from [half, whole] in milliseconds, so that
 * sandboxes which failed together do not come back together. A clock that was set back ends a window. Any thread.
 */
final class Breaker {
    /** What there is to say. */
    enum Change {
        NONE,
        OPENED,
        RECOVERED
    }

    static final long FIRST_WINDOW_MS = 1_000;
    static final long MAX_WINDOW_MS = 10_000;

    /** Sending goes on behind late flushes, so a longer window delays no data, and each trial at its end is billed. */
    static final long MAX_LATE_WINDOW_MS = 60_000;

    static final long FIRST_FORBIDDEN_MS = 10_000;
    static final long MAX_FORBIDDEN_MS = 300_000;

    /** In a row, as {@code rulings.md} 10 has it. */
    private static final int BAD_FLUSHES = 2;

    private enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    private final Random random;
    private final Window window = new Window();
    private final Window pause = new Window();
    private State state = State.CLOSED;
    private int failedRounds;
    private int lateFlushes;

    /** Open, and the last round failed: the next request is a probe. */
    private boolean throttled;

    /** Open, and an answer came since. */
    private boolean well;

    private long nextWindowMs = FIRST_WINDOW_MS;
    private long nextForbiddenMs = FIRST_FORBIDDEN_MS;

    /** {@code random}: for the windows alone. */
    Breaker(Random random) {
        this.random = random;
    }

    /** Whether a round may begin. */
    synchronized boolean maySend(long nowMs) {
        return !pause.isOn(nowMs) && !(state == State.OPEN && throttled && window.isOn(nowMs));
    }

    /** Whether the next request has to be a probe: small, and alone. */
    synchronized boolean mustProbe() {
        return state == State.OPEN && throttled;
    }

    /** Whether waiting makes no sense. */
    synchronized boolean isOpen(long nowMs) {
        return pause.isOn(nowMs) || (state == State.OPEN && (!well || window.isOn(nowMs)));
    }

    /** Somebody wants to wait: whether he may. After an open time this is the one trial. */
    synchronized boolean beginFlush(long nowMs) {
        if (isOpen(nowMs)) {
            return false;
        }
        if (state == State.OPEN) {
            state = State.HALF_OPEN;
        }
        return true;
    }

    /** A flush that somebody waited for was settled in time. */
    synchronized Change flushSettled() {
        boolean wasLate = state != State.CLOSED && lateFlushes > 0;
        state = State.CLOSED;
        failedRounds = 0;
        lateFlushes = 0;
        nextWindowMs = FIRST_WINDOW_MS;
        return wasLate ? Change.RECOVERED : Change.NONE;
    }

    /** A flush that somebody waited for ran out of its budget; its exchange goes on. */
    synchronized Change flushLate(long nowMs) {
        lateFlushes++;
        if (state == State.HALF_OPEN || (state == State.CLOSED && failedRounds + lateFlushes >= BAD_FLUSHES)) {
            open(nowMs, false);
            return Change.OPENED;
        }
        return Change.NONE;
    }

    /** The intake took a payload, or refused one for what it is: it is there. */
    synchronized Change answered() {
        nextForbiddenMs = FIRST_FORBIDDEN_MS;
        boolean recovered = mustProbe() && !well;
        well = true;
        throttled = false;
        return recovered ? Change.RECOVERED : Change.NONE;
    }

    /** A round is over and nothing in it failed. */
    synchronized void roundSettled() {
        failedRounds = 0;
    }

    /**
     * A round is over and something in it failed, whether somebody waited for it or not.
     *
     * @param counted whether it was called late before, so that one bad flush does not count twice
     */
    synchronized Change roundFailed(long nowMs, boolean counted) {
        if (state == State.OPEN) {
            open(nowMs, true);
            return Change.NONE;
        }
        failedRounds += counted ? 0 : 1;
        if (state == State.HALF_OPEN || failedRounds + lateFlushes >= BAD_FLUSHES) {
            open(nowMs, true);
            return Change.OPENED;
        }
        return Change.NONE;
    }

    /** The endpoint asked to be left alone: at least so long, at most five minutes, and up to a tenth longer. */
    synchronized void pause(long nowMs, long askedMs) {
        long lengthMs = Math.min(RetryAfter.MAX_MS, askedMs);
        pause.begin(nowMs, lengthMs + draw(lengthMs / 10));
    }

    /** The key was refused: a window of up to 10 s, and twice as long each time, up to five minutes (rulings.md 9). */
    synchronized void forbidden(long nowMs) {
        state = State.OPEN;
        throttled = true;
        well = false;
        window.begin(nowMs, jittered(nextForbiddenMs));
        nextForbiddenMs = Math.min(MAX_FORBIDDEN_MS, nextForbiddenMs * 2);
    }

    /** Nothing is known of this endpoint. Copies of one sandbox must not draw the same windows: {@code seed} is this copy's. */
    synchronized void reset(long seed) {
        random.setSeed(seed);
        flushSettled();
        answered();
        throttled = false;
        window.end();
        pause.end();
    }

    private void open(long nowMs, boolean throttle) {
        state = State.OPEN;
        throttled = throttle;
        well = false;
        window.begin(nowMs, jittered(Math.min(nextWindowMs, throttle ? MAX_WINDOW_MS : MAX_LATE_WINDOW_MS)));
        nextWindowMs = Math.min(MAX_LATE_WINDOW_MS, nextWindowMs * 2);
    }

    private long jittered(long wholeMs) {
        return wholeMs / 2 + draw(wholeMs - wholeMs / 2);
    }

    /** 0 to {@code mostMs}, each as likely. */
    private long draw(long mostMs) {
        return random.nextInt((int) mostMs + 1);
    }

    /** A time of the wall clock. */
    private static final class Window {
        private long sinceMs;
        private long untilMs;

        void begin(long nowMs, long lengthMs) {
            sinceMs = nowMs;
            untilMs = nowMs + lengthMs;
        }

        void end() {
            untilMs = sinceMs;
        }

        boolean isOn(long nowMs) {
            return nowMs >= sinceMs && nowMs < untilMs;
        }
    }
}
