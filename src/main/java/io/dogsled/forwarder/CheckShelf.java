package io.dogsled.forwarder;

import io.dogsled.metrics.ServiceCheck;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.List;

/** Service checks, in the order they came. A status sent twice is still the same status. */
final class CheckShelf extends QueueShelf<ServiceCheck> {

    CheckShelf(Object lock, Account account) {
        super(lock, account, "checks");
    }

    /** Under the lock. */
    void offer(ServiceCheck check) {
        putBack(check);
    }

    @Override
    long atS(ServiceCheck value) {
        return value.timestampS();
    }

    @Override
    long weigh(ServiceCheck check) {
        return Weight.of(check);
    }

    @Override
    Payload encode(PayloadSerializer serializer, List<ServiceCheck> values, int maxItems) {
        return serializer.checks(values, maxItems);
    }

    @Override
    void onDelivered(ServiceCheck check) {
        account.delivered(1);
    }

    @Override
    void onAmbiguous(ServiceCheck check) {
        putBack(check);
    }

    @Override
    void onRepeat(ServiceCheck check) {}
}
