package io.dogsled.forwarder;

/**
 * The time during which an endpoint is left alone: because it asked for it, or because it refuses the API key and each
 * further payload would only be lost. By the wall clock, since a pause goes on while the sandbox is frozen. The forwarder
 * thread sets it, any thread asks.
 */
final class Pause {
    private static final long FIRST_FORBIDDEN_MS = 10_000;
    private static final long MAX_FORBIDDEN_MS = 300_000;

    private long untilMs;
    private long sinceMs;
    private long nextForbiddenMs = FIRST_FORBIDDEN_MS;

    /** A clock that was set back ends the pause. */
    synchronized boolean isOn(long nowMs) {
        return nowMs >= sinceMs && nowMs < untilMs;
    }

    /** The endpoint asked for it; 0 = it did not. */
    synchronized void begin(long nowMs, long lengthMs) {
        sinceMs = nowMs;
        untilMs = nowMs + lengthMs;
    }

    /** The key was refused: 10 s, and twice as long each time, up to five minutes (rulings.md 9). */
    synchronized void forbidden(long nowMs) {
        begin(nowMs, nextForbiddenMs);
        nextForbiddenMs = Math.min(MAX_FORBIDDEN_MS, nextForbiddenMs * 2);
    }

    /** Something was delivered. */
    synchronized void end() {
        untilMs = sinceMs;
        nextForbiddenMs = FIRST_FORBIDDEN_MS;
    }
}
