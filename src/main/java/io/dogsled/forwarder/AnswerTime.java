package io.dogsled.forwarder;

/**
 * How long an exchange takes that finds its connection open, smoothed: each new time counts a quarter. Only exchanges count
 * that somebody waited for to their end, since a freeze falsifies the others; of one that nobody waited out it is known how
 * long it took at least. Any thread.
 */
final class AnswerTime {
    private static final long NONE = -1;
    private static final long NS_PER_MS = 1_000_000L;

    private long smoothedNs = NONE;
    private long longestNs = NONE;

    /** Somebody begins to wait. */
    synchronized void begin() {
        longestNs = NONE;
    }

    /** An exchange on a warm connection took so long. */
    synchronized void took(long ns) {
        longestNs = Math.max(longestNs, ns);
    }

    /** He saw all of it: the longest of its exchanges counts. */
    synchronized void settled() {
        if (longestNs != NONE) {
            smoothedNs = smoothedNs == NONE ? longestNs : smoothedNs + (longestNs - smoothedNs) / 4;
        }
    }

    /** He gave up after so long. */
    synchronized void atLeast(long ns) {
        smoothedNs = Math.max(smoothedNs, ns);
    }

    /** Milliseconds, rounded up; −1 = nothing is known. */
    synchronized long ms() {
        return smoothedNs == NONE ? NONE : (smoothedNs + NS_PER_MS - 1) / NS_PER_MS;
    }
}
