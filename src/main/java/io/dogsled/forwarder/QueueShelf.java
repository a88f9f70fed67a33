package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Values that neither replace each other nor merge, in the order they came; each is one sample. */
abstract class QueueShelf<T> extends Shelf<T> {
    private final ArrayDeque<T> waiting = new ArrayDeque<>();

    QueueShelf(Object lock, Account account, String label) {
        super(lock, account, label);
    }

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
        waitingBytes = 0;
        if (newestFirst) {
            Collections.reverse(all);
        }
        return all;
    }

    @Override
    final List<T> removeSome(int most) {
        List<T> some = new ArrayList<>();
        while (!waiting.isEmpty() && some.size() < most) {
            T value = waiting.remove();
            waitingBytes -= weigh(value);
            some.add(value);
        }
        return some;
    }

    /** The oldest mostly stands in front. */
    @Override
    final void remove(T value) {
        waiting.remove(value);
        waitingBytes -= weigh(value);
    }

    @Override
    final void putBack(T value) {
        waiting.add(value);
        waitingBytes += weigh(value);
    }

    @Override
    final void lose(T value, Counter reason) {
        account.lost(reason, 1);
    }

    @Override
    final void onRefused(T value, Counter reason, long nowMs) {
        lose(value, reason);
    }
}
