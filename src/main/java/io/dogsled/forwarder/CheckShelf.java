package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Service checks, in the order they came. A status sent twice is still the same status. */
final class CheckShelf extends Shelf<ServiceCheck> {
    static final long MAX_WEIGHT = 1L << 20;

    private final ArrayDeque<ServiceCheck> waiting = new ArrayDeque<>();
    private long weight;

    CheckShelf(Object lock, Account account) {
        super(lock, account, "checks");
    }

    /** Under the lock. */
    void offer(ServiceCheck check) {
        putBack(check);
    }

    @Override
    int waiting() {
        return waiting.size();
    }

    @Override
    List<ServiceCheck> removeWaiting(boolean newestFirst) {
        List<ServiceCheck> all = new ArrayList<>(waiting);
        waiting.clear();
        weight = 0;
        if (newestFirst) {
            Collections.reverse(all);
        }
        return all;
    }

    @Override
    Payload encode(PayloadSerializer serializer, List<ServiceCheck> values, int maxItems) {
        return serializer.checks(values, maxItems);
    }

    @Override
    void putBack(ServiceCheck check) {
        waiting.add(check);
        weight += Weight.of(check);
    }

    @Override
    void onDelivered(ServiceCheck check) {
        account.delivered(1);
    }

    @Override
    void onRefused(ServiceCheck check, Counter reason, long nowMs) {
        account.lost(reason, 1);
    }

    @Override
    void onAmbiguous(ServiceCheck check) {
        putBack(check);
    }

    @Override
    void onRepeat(ServiceCheck check) {}

    @Override
    void trim(long nowMs) {
        while (weight > MAX_WEIGHT) {
            weight -= Weight.of(waiting.remove());
            account.lost(Counter.LOST_QUEUE_FULL, 1);
        }
    }
}
