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
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Sketches: each holds what came since the one before, and the intake adds them up. Two of one context and bucket that
 * both wait become one; one that may have arrived is sent again, or not, as the setting says (rulings.md 12).
 */
final class SketchShelf extends Shelf<Once<SketchPoint>> {
    private final Ambiguous policy;
    private final Map<Slot, Once<SketchPoint>> waiting = new HashMap<>();

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
        waitingBytes = 0;
        all.sort(new Order(newestFirst));
        return all;
    }

    @Override
    List<Once<SketchPoint>> removeSome(int most) {
        List<Once<SketchPoint>> some = new ArrayList<>();
        Iterator<Once<SketchPoint>> all = waiting.values().iterator();
        while (all.hasNext() && some.size() < most) {
            Once<SketchPoint> once = all.next();
            all.remove();
            waitingBytes -= weigh(once);
            some.add(once);
        }
        return some;
    }

    @Override
    void remove(Once<SketchPoint> once) {
        waiting.remove(new Slot(once.value()));
        waitingBytes -= weigh(once);
    }

    @Override
    long weigh(Once<SketchPoint> once) {
        return Weight.of(once.value());
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
        waitingBytes += Weight.of(whole.value()) - (other == null ? 0 : Weight.of(other.value()));
    }

    @Override
    void onDelivered(Once<SketchPoint> once) {
        once.written(account);
        account.delivered(settle(once));
    }

    @Override
    void onRefused(Once<SketchPoint> once, Counter reason, long nowMs) {
        lose(once, reason);
    }

    @Override
    void onAmbiguous(Once<SketchPoint> once) {
        once.written(account);
        if (policy == Ambiguous.DROP) {
            lose(once, Counter.LOST_AMBIGUOUS);
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
    void onWrittenElsewhere(Once<SketchPoint> once) {
        once.written(account);
    }

    @Override
    void lose(Once<SketchPoint> once, Counter reason) {
        account.lost(reason, settle(once));
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
