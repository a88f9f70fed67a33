package io.dogsled.base;

import java.util.concurrent.atomic.AtomicLong;

/** The values of all {@link Counter}s of one process. Any thread may add and read. */
public final class Counters {
    private static final Counter[] ALL = Counter.values();

    /** Not an {@code AtomicLongArray}: that one is built on variable handles, 30 classes before {@code ready}. */
    private final AtomicLong[] values = new AtomicLong[ALL.length];

    public Counters() {
        for (int i = 0; i < values.length; i++) {
            values[i] = new AtomicLong();
        }
    }

    /** Adds {@code amount}, which may be 0. */
    public void add(Counter counter, long amount) {
        values[counter.ordinal()].getAndAdd(amount);
    }

    /** Adds one. */
    public void increment(Counter counter) {
        values[counter.ordinal()].getAndIncrement();
    }

    /**
     * A copy of this process begins a life of its own: what was settled, rejected or noted before is its original's. What is
     * still held stays received, so the ledger goes on balancing, also while samples come in.
     */
    public void beginAnew() {
        long settled = 0;
        for (Counter counter : ALL) {
            if (counter == Counter.RECEIVED) {
                continue;
            }
            long before = values[counter.ordinal()].getAndSet(0);
            settled += counter == Counter.DELIVERED || counter.kind() == Counter.Kind.LOST ? before : 0;
        }
        add(Counter.RECEIVED, -settled);
    }

    /** The value now. */
    public long value(Counter counter) {
        return values[counter.ordinal()].get();
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
