package io.dogsled.base;

/**
 * The two clocks of a sandbox. A freeze makes them disagree: ages across invocations are taken by the wall clock,
 * durations within one invocation by the monotonic one (rulings.md 20). Any thread.
 */
public abstract class Clock {

    /** The clocks of this machine. */
    public static Clock system() {
        return new SystemClock();
    }

    /** Wall clock, milliseconds since the epoch. */
    public abstract long nowMs();

    /** Monotonic clock, nanoseconds from an arbitrary origin ({@code CLOCK_MONOTONIC}); only differences mean anything. */
    public abstract long nowNs();

    private static final class SystemClock extends Clock {
        @Override
        public long nowMs() {
            return System.currentTimeMillis();
        }

        @Override
        public long nowNs() {
            return System.nanoTime();
        }
    }
}
