package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Event;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.List;

/** Events, in the order they came. The intake shows each one it gets, so what holds for sketches holds for them. */
final class EventShelf extends QueueShelf<Once<Event>> {
    private final Ambiguous policy;

    EventShelf(Object lock, Account account, Ambiguous policy) {
        super(lock, account, "events");
        this.policy = policy;
    }

    /** Under the lock. */
    void offer(Event event) {
        putBack(new Once<>(event, 1));
    }

    @Override
    long atS(Once<Event> value) {
        return value.value().timestampS();
    }

    @Override
    long weigh(Once<Event> once) {
        return Weight.of(once.value());
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
    void onDelivered(Once<Event> once) {
        once.written(account);
        account.delivered(1);
    }

    @Override
    void onWrittenElsewhere(Once<Event> once) {
        once.written(account);
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
}
