package io.dogsled.base;

/**
 * A moment on the monotonic clock after which nobody waits any more. Deadlines cross method boundaries, timeouts do not:
 * timeouts add up, and a freeze falsifies them. Immutable.
 */
public final class Deadline {
    private static final long NS_PER_MS = 1_000_000L;

    private final long atNs;

    private Deadline(long atNs) {
        this.atNs = atNs;
    }

    /** The moment {@code delayMs} after {@code nowNs}; a negative delay is already over. */
    public static Deadline after(long nowNs, long delayMs) {
        return new Deadline(nowNs + delayMs * NS_PER_MS);
    }

    /** The earlier of this deadline and another. */
    public Deadline earlier(Deadline other) {
        return atNs - other.atNs <= 0 ? this : other;
    }

    /** Milliseconds left at {@code nowNs}, rounded up, never negative. */
    public long remainingMs(long nowNs) {
        long leftNs = atNs - nowNs;
        return leftNs <= 0 ? 0 : (leftNs + NS_PER_MS - 1) / NS_PER_MS;
    }

    /** Nanoseconds left at {@code nowNs}, never negative. */
    public long remainingNs(long nowNs) {
        return Math.max(0, atNs - nowNs);
    }

    /** Whether the moment has come. */
    public boolean isOver(long nowNs) {
        return atNs - nowNs <= 0;
    }
}
