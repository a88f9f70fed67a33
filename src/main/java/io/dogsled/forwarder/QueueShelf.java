package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Values that neither replace each other nor merge, in the order they came; each is one sample. The oldest goes first when
 * there is no room.
 */
abstract class QueueShelf<T> extends Shelf<T> {
    static final long MAX_WEIGHT = 1L << 20;

    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    private long weight;

    QueueShelf(Object lock, Account account, String label) {
        super(lock, account, label);
    }

    /** The bytes a value takes while it waits, by estimate. */
    abstract long weigh(T value);

    @Override
    final int waiting() {
        return waiting.size();
    }

    @Override
    final Collection<T> peekWaiting() {
        return waiting;
    }

    @Override
    final List<T> removeWaiting(boolean newestFirst) {
        List<T> all = new ArrayList<>(waiting);
        waiting.clear();
        weight = 0;
        if (newestFirst) {
            Collections.reverse(all);
        }
        return all;
    }

    @Override
    final void putBack(T value) {
        waiting.add(value);
        weight += weigh(value);
    }

    @Override
    final void onRefused(T value, Counter reason, long nowMs) {
        account.lost(reason, 1);
    }

    @Override
    final void trim(long nowMs) {
        while (weight > MAX_WEIGHT) {
            weight -= weigh(waiting.remove());
            account.lost(Counter.LOST_QUEUE_FULL, 1);
        }
    }
}
