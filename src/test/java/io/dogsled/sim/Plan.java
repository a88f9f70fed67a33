package io.dogsled.sim;

/**
 * A run. Times in virtual milliseconds.
 *
 * @param sandboxes that run side by side; one that ends is replaced
 * @param fromMs the outage begins
 * @param toMs the outage ends
 * @param endMs every sandbox is shut down
 */
record Plan(Traffic traffic, Intake.Fault fault, int sandboxes, long fromMs, long toMs, long endMs, long seed) {
    /** Sandboxes begin within this time, so that nothing is in step. */
    static final long WARM_UP_MS = 120_000;

    private static final long SETTLED_MS = 240_000;
    private static final long DELIVERED_MS = 60_000;

    /** From when on life is normal: the sandboxes have been there for a while. */
    long normalFromMs() {
        return SETTLED_MS;
    }

    /** Until when it is: what is made before this time is delivered before the outage. */
    long normalToMs() {
        return fromMs - DELIVERED_MS;
    }

    /** Ten minutes of normal life, ten minutes of outage, ten minutes after it. */
    static Plan halfAnHour(Traffic traffic, Intake.Fault fault, int sandboxes, long seed) {
        return new Plan(traffic, fault, sandboxes, 600_000, 1_200_000, 1_800_000, seed);
    }
}
