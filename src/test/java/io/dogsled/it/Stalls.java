package io.dogsled.it;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How long a thread that wants to run each millisecond did not get to: what the machine, not the launcher, is to blame for. */
public final class Stalls implements AutoCloseable {
    private static final long STEP_NS = 1_000_000;

    private final Thread thread;
    private volatile boolean over;
    private volatile long longestNs;

    private Stalls() {
        thread = Thread.ofPlatform().daemon().unstarted(this::run);
    }

    public static Stalls watch() {
        Stalls stalls = new Stalls();
        stalls.thread.start();
        return stalls;
    }

    /** The longest time so far by which it came too late. */
    public Duration longest() {
        return Duration.ofNanos(longestNs);
    }

    private void run() {
        while (!over) {
            long fromNs = System.nanoTime();
            LockSupport.parkNanos(STEP_NS);
            longestNs = Math.max(longestNs, System.nanoTime() - fromNs - STEP_NS);
        }
    }

    @Override
    public void close() {
        over = true;
        LockSupport.unpark(thread);
    }
}
