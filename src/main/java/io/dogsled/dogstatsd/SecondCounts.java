package io.dogsled.dogstatsd;

/**
 * How many samples came in each of the last five seconds, as a ring. No timer moves it: the arrival of a sample does, or whoever reads.
 * Owned by {@link ContextStats}.
 */
final class SecondCounts {
    static final int SECONDS = 5;

    private final long[] counts = new long[SECONDS];
    private long currentS;
    private long spike;

    /**
     * Time has come to this second. A clock that was set back stays in the second it was in.
     *
     * @param nowS wall clock, so that a freeze counts as the time it was
     * @return whether a second ended meanwhile in which more samples came than in the other four together (Agent:
     *     comp/dogstatsd/serverDebug, hasSpike); {@link #spike} has how many
     */
    boolean advance(long nowS) {
        if (nowS <= currentS) {
            return false;
        }
        long inCurrent = counts[at(currentS)];
        boolean spiked = inCurrent > sum() - inCurrent;
        spike = spiked ? inCurrent : spike;
        for (long second = Math.max(currentS + 1, nowS - SECONDS + 1); second <= nowS; second++) {
            counts[at(second)] = 0;
        }
        currentS = nowS;
        return spiked;
    }

    /** So many more in the second that {@link #advance} was given last. */
    void add(int samples) {
        counts[at(currentS)] += samples;
    }

    /** The samples of the last second that was a spike. */
    long spike() {
        return spike;
    }

    /** Oldest second first, the current one last. */
    long[] counts() {
        long[] ordered = new long[SECONDS];
        for (int i = 0; i < SECONDS; i++) {
            ordered[i] = counts[at(currentS + 1 + i)];
        }
        return ordered;
    }

    private long sum() {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static int at(long second) {
        return (int) Math.floorMod(second, (long) SECONDS);
    }
}
