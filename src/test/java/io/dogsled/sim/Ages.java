package io.dogsled.sim;

/** How old samples were when the intake took them: exact mean, percentiles to within 2 %. */
final class Ages {
    private static final double STEP = Math.log(1.02);
    private static final int BINS = 1_024;

    private final long[] bins = new long[BINS];
    private long count;
    private double sumMs;

    void add(long ageMs, long samples) {
        bins[Math.min(BINS - 1, (int) (Math.log((double) Math.max(1, ageMs)) / STEP))] += samples;
        count += samples;
        sumMs += (double) ageMs * samples;
    }

    void add(Ages others) {
        for (int i = 0; i < BINS; i++) {
            bins[i] += others.bins[i];
        }
        count += others.count;
        sumMs += others.sumMs;
    }

    double meanMs() {
        return count == 0 ? 0 : sumMs / count;
    }

    /** {@code share} in [0, 1]. */
    double percentileMs(double share) {
        long left = (long) (count * share);
        for (int i = 0; i < BINS; i++) {
            left -= bins[i];
            if (left < 0) {
                return Math.exp((i + 1) * STEP);
            }
        }
        return 0;
    }
}
