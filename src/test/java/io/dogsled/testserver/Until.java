package io.dogsled.testserver;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread is about to do, at most eight seconds. */
final class Until {
    private Until() {}

    static void holds(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + 8_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("the condition did not come true within 8 s");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
