package io.dogsled.lambda;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;

/** A flush that another thread asks the main thread for, and waits for. */
final class FlushRequest {
    private static final long NS_PER_MS = 1_000_000L;

    private final Deadline deadline;
    private boolean served;

    FlushRequest(Deadline deadline) {
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }

    /** By the main thread. */
    synchronized void complete() {
        served = true;
        notifyAll();
    }

    /** By the thread that asked; false if the main thread did not get to it in time. */
    synchronized boolean await(Clock clock) throws InterruptedException {
        long leftNs = deadline.remainingNs(clock.nowNs());
        while (!served && leftNs > 0) {
            wait(leftNs / NS_PER_MS, (int) (leftNs % NS_PER_MS));
            leftNs = deadline.remainingNs(clock.nowNs());
        }
        return served;
    }
}
