package io.dogsled.base;

import java.util.concurrent.atomic.AtomicLongArray;

/** The values of all {@link Counter}s of one process. Any thread may add and read. */
public final class Counters {
    private static final Counter[] ALL = Counter.values();

    private final AtomicLongArray values = new AtomicLongArray(ALL.length);

    /** Adds {@code amount}, which may be 0. */
    public void add(Counter counter, long amount) {
        values.getAndAdd(counter.ordinal(), amount);
    }

    /** Adds one. */
    public void increment(Counter counter) {
        values.getAndAdd(counter.ordinal(), 1);
    }

    /** The value now. */
    public long value(Counter counter) {
        return values.get(counter.ordinal());
    }

    /** The sum over all counters of one kind. */
    public long sum(Counter.Kind kind) {
        long sum = 0;
        for (Counter counter : ALL) {
            if (counter.kind() == kind) {
                sum += value(counter);
            }
        }
        return sum;
    }
}
