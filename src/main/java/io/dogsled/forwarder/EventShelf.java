package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Event;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Events, in the order they came. The intake shows each one it gets, so what holds for sketches holds for them. */
final class EventShelf extends Shelf<Once<Event>> {
    static final long MAX_WEIGHT = 1L << 20;

    private final Ambiguous policy;
    private final ArrayDeque<Once<Event>> waiting = new ArrayDeque<>();
    private long weight;

    EventShelf(Object lock, Account account, Ambiguous policy) {
        super(lock, account, "events");
        this.policy = policy;
    }

    /** Under the lock. */
    void offer(Event event) {
        putBack(new Once<>(event, 1));
    }

    @Override
    int waiting() {
        return waiting.size();
    }

    @Override
    List<Once<Event>> removeWaiting(boolean newestFirst) {
        List<Once<Event>> all = new ArrayList<>(waiting);
        waiting.clear();
        weight = 0;
        if (newestFirst) {
            Collections.reverse(all);
        }
        return all;
    }

    @Override
    Payload encode(PayloadSerializer serializer, List<Once<Event>> values, int maxItems) {
        List<Event> events = new ArrayList<>(values.size());
        for (Once<Event> once : values) {
            events.add(once.value());
        }
        return serializer.events(events, maxItems);
    }

    @Override
    void putBack(Once<Event> once) {
        waiting.add(once);
        weight += Weight.of(once.value());
    }

    @Override
    void onDelivered(Once<Event> once) {
        once.written(account);
        account.delivered(1);
    }

    @Override
    void onRefused(Once<Event> once, Counter reason, long nowMs) {
        account.lost(reason, 1);
    }

    @Override
    void onAmbiguous(Once<Event> once) {
        once.written(account);
        if (policy == Ambiguous.DROP) {
            account.lost(Counter.LOST_AMBIGUOUS, 1);
        } else {
            once.doubt();
            putBack(once);
        }
    }

    @Override
    void onRepeat(Once<Event> once) {
        once.doubt();
    }

    @Override
    void trim(long nowMs) {
        while (weight > MAX_WEIGHT) {
            Once<Event> oldest = waiting.remove();
            weight -= Weight.of(oldest.value());
            account.lost(Counter.LOST_QUEUE_FULL, 1);
        }
    }
}
