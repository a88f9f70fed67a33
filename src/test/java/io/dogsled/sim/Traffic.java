package io.dogsled.sim;

import java.util.Random;

/** When invocations come to one sandbox, and how long its function runs. All distances are from an end to the next start. */
enum Traffic {
    /** Each sandbox has a mean distance of its own, 2 to 60 s, evenly by its logarithm; the distances are exponential. */
    POISSON,
    /** About thirty invocations half a second apart, then a pause of a minute and a half on average. */
    BURSTY,
    /** One every three seconds. */
    STEADY;

    private static final double SHORTEST_MS = 2_000;
    private static final double LONGEST_MS = 60_000;
    private static final double STEADY_MS = 3_000;
    private static final double IN_BURST_MS = 500;
    private static final double PAUSE_MS = 90_000;
    private static final double BURST = 30;
    private static final double MEDIAN_RUN_MS = 80;
    private static final double RUN_SPREAD = 1;
    private static final long LONGEST_RUN_MS = 15_000;

    /** What {@link #gapMs} takes as the mean of one sandbox. */
    double meanMs(Random random) {
        return this == POISSON ? SHORTEST_MS * Math.pow(LONGEST_MS / SHORTEST_MS, random.nextDouble()) : STEADY_MS;
    }

    /** The distance to the next start. */
    long gapMs(double meanMs, Random random) {
        return switch (this) {
            case POISSON -> exponential(meanMs, random);
            case STEADY -> Math.round(meanMs * (0.98 + 0.04 * random.nextDouble()));
            case BURSTY -> exponential(random.nextDouble() < 1 / BURST ? PAUSE_MS : IN_BURST_MS, random);
        };
    }

    /** How long the function runs: most of them short, a few for seconds. */
    static long runMs(Random random) {
        double ms = MEDIAN_RUN_MS * Math.exp(RUN_SPREAD * random.nextGaussian());
        return Math.min(LONGEST_RUN_MS, Math.max(1, Math.round(ms)));
    }

    static long exponential(double meanMs, Random random) {
        return Math.round(-meanMs * Math.log(1 - random.nextDouble()));
    }
}
