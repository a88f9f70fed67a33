package io.dogsled.testing;

import io.dogsled.base.Clock;
import java.util.Random;

/**
 * A clock that stands still until a test moves it. The monotonic side starts at a random origin, close enough to the end
 * of a {@code long} in one run of four that a subtraction written as a comparison shows. Any thread.
 */
public final class ManualClock extends Clock {
    private static final long NS_PER_MS = 1_000_000L;

    private long nowMs;
    private long nowNs;

    /** Starts at 2023-11-14T22:13:20Z, a multiple of 10 s, and a random monotonic origin. */
    public ManualClock() {
        this(1_700_000_000_000L);
    }

    /** Starts at {@code nowMs} and a random monotonic origin. */
    public ManualClock(long nowMs) {
        Random random = new Random();
        this.nowMs = nowMs;
        this.nowNs = random.nextInt(4) == 0 ? Long.MAX_VALUE - random.nextInt(1_000_000) : random.nextLong();
    }

    @Override
    public synchronized long nowMs() {
        return nowMs;
    }

    @Override
    public synchronized long nowNs() {
        return nowNs;
    }

    /** Moves both clocks. */
    public synchronized void advanceMs(long ms) {
        nowMs += ms;
        nowNs += ms * NS_PER_MS;
    }

    /** Moves the monotonic clock alone, for steps below a millisecond. */
    public synchronized void advanceNs(long ns) {
        nowNs += ns;
    }

    /** A freeze as some platforms show it, or a stepped clock: the wall clock moves, the monotonic one stands. */
    public synchronized void jumpWallMs(long ms) {
        nowMs += ms;
    }
}
