package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sketches: each holds what came since the one before, and the intake adds them up. Two of one context and bucket that
 * both wait become one; one that may have arrived is sent again, or not, as the setting says (rulings.md 12).
 */
final class SketchShelf extends Shelf<Once<SketchPoint>> {
    static final long MAX_WEIGHT = 16L << 20;

    private final Ambiguous policy;
    private final Map<Slot, Once<SketchPoint>> waiting = new HashMap<>();
    private long weight;

    SketchShelf(Object lock, Account account, Ambiguous policy) {
        super(lock, account, "sketches");
        this.policy = policy;
    }

    /** Under the lock. */
    void offer(SketchPoint point) {
        putBack(new Once<>(point, point.samples()));
    }

    @Override
    long atS(Once<SketchPoint> value) {
        return value.value().timestampS();
    }

    @Override
    int waiting() {
        return waiting.size();
    }

    @Override
    Collection<Once<SketchPoint>> peekWaiting() {
        return waiting.values();
    }

    @Override
    List<Once<SketchPoint>> removeWaiting(boolean newestFirst) {
        List<Once<SketchPoint>> all = new ArrayList<>(waiting.values());
        waiting.clear();
        weight = 0;
        all.sort(new Order(newestFirst));
        return all;
    }

    @Override
    Payload encode(PayloadSerializer serializer, List<Once<SketchPoint>> values, int maxItems) {
        List<SketchPoint> points = new ArrayList<>(values.size());
        for (Once<SketchPoint> once : values) {
            points.add(once.value());
        }
        return serializer.sketches(points, maxItems);
    }

    @Override
    void putBack(Once<SketchPoint> once) {
        Slot slot = new Slot(once.value());
        Once<SketchPoint> other = waiting.get(slot);
        Once<SketchPoint> whole =
                other == null ? once : new Once<>(once.value().mergedWith(other.value()), once, other);
        waiting.put(slot, whole);
        weight += Weight.of(whole.value()) - (other == null ? 0 : Weight.of(other.value()));
    }

    @Override
    void onDelivered(Once<SketchPoint> once) {
        once.written(account);
        account.delivered(settle(once));
    }

    @Override
    void onRefused(Once<SketchPoint> once, Counter reason, long nowMs) {
        account.lost(reason, settle(once));
    }

    @Override
    void onAmbiguous(Once<SketchPoint> once) {
        once.written(account);
        if (policy == Ambiguous.DROP) {
            account.lost(Counter.LOST_AMBIGUOUS, settle(once));
        } else {
            once.doubt();
            putBack(once);
        }
    }

    @Override
    void onRepeat(Once<SketchPoint> once) {
        once.doubt();
    }

    @Override
    void trim(long nowMs) {
        if (weight <= MAX_WEIGHT) {
            return;
        }
        List<Once<SketchPoint>> oldestFirst = new ArrayList<>(waiting.values());
        oldestFirst.sort(new Order(false));
        for (int i = 0; weight > MAX_WEIGHT / 8 * 7; i++) {
            Once<SketchPoint> once = oldestFirst.get(i);
            waiting.remove(new Slot(once.value()));
            weight -= Weight.of(once.value());
            onRefused(once, Counter.LOST_QUEUE_FULL, nowMs);
        }
    }

    private static long settle(Once<SketchPoint> once) {
        return once.value().receipt().settle(once.samples());
    }

    /** Context and bucket as a key. */
    private static final class Slot {
        private final Context context;
        private final long timestampS;

        Slot(SketchPoint point) {
            this.context = point.context();
            this.timestampS = point.timestampS();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Slot that && timestampS == that.timestampS && context.equals(that.context);
        }

        @Override
        public int hashCode() {
            return context.hashCode() * 31 + Long.hashCode(timestampS);
        }
    }

    private static final class Order implements Comparator<Once<SketchPoint>> {
        private final ByBucket byBucket;

        Order(boolean newestFirst) {
            this.byBucket = new ByBucket(newestFirst);
        }

        @Override
        public int compare(Once<SketchPoint> left, Once<SketchPoint> right) {
            return byBucket.compare(left.value(), right.value());
        }
    }
}
