package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;

/** Waiting for a notification, but not for ever. */
final class TimedWait {
    private TimedWait() {}

    /**
     * Waits until {@code monitor}, which the caller holds, is notified or the deadline has come; the caller loops over its
     * condition. An interrupt ends the wait and stays set.
     *
     * @return whether to look again: false if the deadline was over before, or the thread was interrupted
     */
    @SuppressWarnings("WaitNotInLoop") // the caller loops over its condition
    static boolean on(Object monitor, Deadline deadline, Clock clock) {
        long leftMs = deadline.remainingMs(clock.nowNs());
        if (leftMs == 0) {
            return false;
        }
        try {
            monitor.wait(leftMs);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
