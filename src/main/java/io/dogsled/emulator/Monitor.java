package io.dogsled.emulator;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The one lock of an environment with its one condition. Every change signals all waiters, who look again at what they wait for:
 * at most a handful of threads wait, so nothing cleverer is needed. Nobody holds it during I/O.
 */
final class Monitor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    <T> T call(Supplier<T> change) {
        lock.lock();
        try {
            return change.get();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    void run(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            changed.signalAll();
            lock.unlock();
        }
    }

    /**
     * Waits until the condition holds; it is asked under the lock. May be called with the lock held (then it is given up
     * meanwhile).
     *
     * @param deadlineNs on the scale of {@link System#nanoTime()}
     * @return what the condition said last; false when the deadline passed or the thread was interrupted
     */
    boolean await(BooleanSupplier condition, long deadlineNs) {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0) {
                    return false;
                }
                long ignored = changed.awaitNanos(Math.min(leftNs, TimeUnit.HOURS.toNanos(1)));
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** A deadline that no test lives to see. */
    static long never() {
        return System.nanoTime() + TimeUnit.DAYS.toNanos(365);
    }
}
