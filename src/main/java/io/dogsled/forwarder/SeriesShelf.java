package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Scalars: the whole of a bucket each time, so of one cell only the newest point is worth keeping, and sending one twice
 * does no harm.
 *
 * <p>Points of one cell share a receipt, so the receipt is the key: two cells of one context and second (a bucket and a
 * client's own timestamp, or a straggler after the bucket's end) do not replace each other.
 *
 * <p>A point that was refused or dropped while its bucket is open is not lost yet: the next one will contain it (rulings.md
 * 8). Such points are remembered as <em>given up</em> until a newer one comes, or none can come any more.
 */
final class SeriesShelf extends Shelf<SeriesPoint> {
    private static final long MS_PER_S = 1_000;
    private static final long BUCKET_S = 10;

    /** A swap that ran just before the end of a bucket may be offered just after it. */
    private static final long CLOSING_S = 2;

    private final Map<Receipt, SeriesPoint> waiting = new HashMap<>();
    private final Map<Receipt, GivenUp> givenUp = new HashMap<>();

    SeriesShelf(Object lock, Account account) {
        super(lock, account, "series");
    }

    /** A newer point than any before it of the same receipt. Under the lock. */
    void offer(SeriesPoint point) {
        SeriesPoint older = waiting.put(point.receipt(), point);
        waitingBytes += Weight.of(point);
        if (older != null) {
            waitingBytes -= Weight.of(older);
            supersede(older);
        }
        givenUp.remove(point.receipt());
    }

    /** Declares lost what was given up and can come in no newer point any more. Under the lock. */
    void loseGivenUp(long nowMs) {
        Iterator<GivenUp> all = givenUp.values().iterator();
        while (all.hasNext()) {
            GivenUp one = all.next();
            if (!isOpen(one.point, nowMs)) {
                all.remove();
                lose(one.point, one.reason);
            }
        }
    }

    @Override
    long atS(SeriesPoint value) {
        return value.timestampS();
    }

    @Override
    int waiting() {
        return waiting.size();
    }

    @Override
    Collection<SeriesPoint> peekWaiting() {
        return waiting.values();
    }

    @Override
    List<SeriesPoint> removeWaiting(boolean newestFirst) {
        List<SeriesPoint> all = new ArrayList<>(waiting.values());
        waiting.clear();
        waitingBytes = 0;
        all.sort(new ByBucket(newestFirst));
        return all;
    }

    @Override
    List<SeriesPoint> removeSome(int most) {
        List<SeriesPoint> some = new ArrayList<>();
        Iterator<SeriesPoint> all = waiting.values().iterator();
        while (all.hasNext() && some.size() < most) {
            SeriesPoint point = all.next();
            all.remove();
            waitingBytes -= Weight.of(point);
            some.add(point);
        }
        return some;
    }

    @Override
    void remove(SeriesPoint point) {
        waiting.remove(point.receipt());
        waitingBytes -= Weight.of(point);
    }

    @Override
    long weigh(SeriesPoint point) {
        return Weight.of(point);
    }

    @Override
    Payload encode(PayloadSerializer serializer, List<SeriesPoint> values, int maxItems) {
        return serializer.series(values, maxItems);
    }

    @Override
    void putBack(SeriesPoint point) {
        if (waiting.containsKey(point.receipt())) {
            supersede(point);
        } else {
            waiting.put(point.receipt(), point);
            waitingBytes += Weight.of(point);
        }
    }

    @Override
    void onDelivered(SeriesPoint point) {
        account.delivered(point.receipt().settle(point.samples()));
    }

    @Override
    void onRefused(SeriesPoint point, Counter reason, long nowMs) {
        if (waiting.containsKey(point.receipt())) {
            supersede(point);
        } else if (isOpen(point, nowMs)) {
            givenUp.put(point.receipt(), new GivenUp(point, reason));
        } else {
            lose(point, reason);
        }
    }

    /** The intake keeps the last value of a timestamp: sending it again is right either way. */
    @Override
    void onAmbiguous(SeriesPoint point) {
        putBack(point);
    }

    @Override
    void onRepeat(SeriesPoint point) {}

    private void supersede(SeriesPoint older) {
        account.note(Counter.SUPERSEDED, older.receipt().unsettled(older.samples()));
    }

    @Override
    void lose(SeriesPoint point, Counter reason) {
        account.lost(reason, point.receipt().settle(point.samples()));
    }

    private static boolean isOpen(SeriesPoint point, long nowMs) {
        return nowMs < (point.timestampS() + BUCKET_S + CLOSING_S) * MS_PER_S;
    }

    /** A point that will not be sent, and the name its samples are lost under if no newer one comes. */
    private static final class GivenUp {
        private final SeriesPoint point;
        private final Counter reason;

        GivenUp(SeriesPoint point, Counter reason) {
            this.point = point;
            this.reason = reason;
        }
    }
}
