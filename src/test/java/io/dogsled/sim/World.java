package io.dogsled.sim;

import java.util.Random;
import java.util.SplittableRandom;

/** Plays a plan with one kind of extension. The same plan and kind give the same numbers, always. */
final class World {
    /** A sandbox without an invocation is shut down after this time. */
    static final long IDLE_MS = 300_000;

    private static final double LIFE_MS = 3_600_000;
    private static final int SAMPLES = 4;

    private final Plan plan;
    private final Extension.Maker maker;
    private final Meter meter;
    private final Intake intake;

    private World(Plan plan, Extension.Maker maker) {
        this.plan = plan;
        this.maker = maker;
        this.meter = new Meter(plan);
        this.intake = new Intake(plan.fault(), plan.fromMs(), plan.toMs(), meter);
    }

    static Meter play(Plan plan, Extension.Maker maker) {
        World world = new World(plan, maker);
        for (int i = 0; i < plan.sandboxes(); i++) {
            SplittableRandom seeds = new SplittableRandom(plan.seed() * 1_000_003 + i);
            world.seat(new Random(seeds.nextLong()), new Random(seeds.nextLong()));
        }
        return world.meter;
    }

    /**
     * One place for a sandbox, through the whole run.
     *
     * @param traffic decides about invocations and lives alone, so that every kind of extension sees the same ones
     */
    private void seat(Random traffic, Random network) {
        double meanMs = plan.traffic().meanMs(traffic);
        long nowMs = (long) (traffic.nextDouble() * Plan.WARM_UP_MS);
        while (nowMs < plan.endMs()) {
            nowMs = life(nowMs, meanMs, traffic, network);
        }
    }

    /** One sandbox from its first invocation on; returns when the next one begins. */
    private long life(long bornMs, double meanMs, Random traffic, Random network) {
        Extension extension = maker.make(intake, meter, network);
        long diesMs = bornMs + Traffic.exponential(LIFE_MS, traffic);
        long nowMs = bornMs;
        while (true) {
            long endMs = nowMs + Traffic.runMs(traffic);
            long doneMs = extension.invocation(nowMs, endMs, SAMPLES);
            boolean killed = doneMs > nowMs + Extension.TIME_OUT_MS;
            doneMs = Math.min(doneMs, nowMs + Extension.TIME_OUT_MS);
            meter.invocation(nowMs, doneMs - endMs, SAMPLES);
            long nextMs = doneMs + plan.traffic().gapMs(meanMs, traffic);
            if (killed) {
                meter.killed();
                extension.kill(doneMs);
                return nextMs;
            }
            long lastMs =
                    Math.min(Math.min(doneMs + IDLE_MS, Math.max(doneMs, diesMs)), Math.max(doneMs, plan.endMs()));
            if (nextMs >= lastMs) {
                extension.shutdown(lastMs);
                return nextMs;
            }
            nowMs = nextMs;
        }
    }
}
