package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;

/**
 * How many samples the forwarder holds, and what became of the others. Every sample that is taken over leaves exactly
 * once: delivered, or lost under one name. Guarded by the outbox's lock.
 */
final class Account {
    private final Counters counters;
    private long held;
    private boolean closed;
    private Counter closedAs = Counter.LOST_SHUTDOWN;

    Account(Counters counters) {
        this.counters = counters;
    }

    long held() {
        return held;
    }

    /** Samples handed over by the aggregator. */
    void take(long samples) {
        if (closed) {
            counters.add(closedAs, samples);
        } else {
            held += samples;
        }
    }

    /** {@code fresh}: samples that were not settled before. */
    void delivered(long fresh) {
        leave(Counter.DELIVERED, fresh);
    }

    /** {@code fresh}: samples that were not settled before. */
    void lost(Counter reason, long fresh) {
        leave(reason, fresh);
    }

    /** Counts something that stands beside the equation: superseded, possibly duplicated. */
    void note(Counter counter, long samples) {
        if (!closed) {
            counters.add(counter, samples);
        }
    }

    /** Everything held, and whatever comes later, is lost under one name; what is settled afterwards counts no more. */
    void close(Counter reason) {
        leave(reason, held);
        closed = true;
        closedAs = reason;
    }

    private void leave(Counter how, long samples) {
        if (!closed) {
            counters.add(how, samples);
            held -= samples;
        }
    }
}
