package io.dogsled.forwarder;

/**
 * How long an exchange takes that finds its connection open, smoothed: each new time counts a quarter. A freeze makes exchanges
 * look longer, never shorter. So one that was short always counts, and one that was long only if somebody waited for it to its
 * end; of one that nobody waited out it is known how long it took at least. Any thread.
 */
final class AnswerTime {
    private static final long NONE = -1;
    private static final int SHARE = 4;
    private static final long NS_PER_MS = 1_000_000L;

    private long smoothedNs = NONE;
    private long longestNs = NONE;

    /** Somebody begins to wait. */
    synchronized void begin() {
        longestNs = NONE;
    }

    /** An exchange on a warm connection took so long, by whichever clock says more. */
    synchronized void took(long ns) {
        longestNs = Math.max(longestNs, ns);
        if (ns < smoothedNs) {
            smoothedNs += (ns - smoothedNs) / SHARE;
        }
    }

    /** He saw all of it: the longest of its exchanges counts. */
    synchronized void settled() {
        if (smoothedNs == NONE) {
            smoothedNs = longestNs;
        } else if (longestNs > smoothedNs) {
            smoothedNs += (longestNs - smoothedNs) / SHARE;
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
