package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one kind. They wait on the shelf until a round takes them in hand; what is in hand is carved into parcels,
 * which are in the air until they have an outcome; what was not taken is kept until the round ends, and waits again. A newer
 * value of something that is in hand, in the air or kept waits on the shelf until the outcome is known, because nothing is
 * taken while something is out (rulings.md 7).
 *
 * <p>Everything but {@link #encode} takes the outbox's lock, and the methods that subclasses fill in run under it. Only one
 * thread at a time takes and carves; outcomes come from any.
 *
 * @param <T> what waits
 */
abstract class Shelf<T> {
    private static final long BUCKET_S = 10;

    /** The outbox's one lock. */
    final Object lock;

    /** Guarded by {@link #lock}. */
    final Account account;

    /** About how many bytes of heap what waits keeps alive. Guarded by {@link #lock}; subclasses keep it true. */
    long waitingBytes;

    private final String label;
    private final List<Parcel<T>> air = new ArrayList<>();
    private List<T> hand = new ArrayList<>();
    private List<T> again = new ArrayList<>();
    private List<T> kept = new ArrayList<>();
    private int first;
    private long outBytes;
    private boolean closed;

    Shelf(Object lock, Account account, String label) {
        this.lock = lock;
        this.account = account;
        this.label = label;
    }

    /** The kind, for log lines. */
    final String label() {
        return label;
    }

    /** Whether nothing waits and nothing is out. */
    final boolean isIdle() {
        synchronized (lock) {
            return waiting() == 0 && !isOut();
        }
    }

    /** Whether something waits that can be taken now, because nothing is out. */
    final boolean canTake() {
        synchronized (lock) {
            return waiting() > 0 && !isOut();
        }
    }

    /** {@link #waitingBytes}, for whoever does not have the lock. */
    final long waitingBytes() {
        synchronized (lock) {
            return waitingBytes;
        }
    }

    /** How many values of the hand are not carved yet. */
    final int inHand() {
        synchronized (lock) {
            return hand.size() - first + again.size();
        }
    }

    /** The time of the oldest value that is not settled, seconds; {@link Long#MAX_VALUE} = none. Under the lock. */
    final long oldestS() {
        long oldest = oldestS(peekWaiting(), Long.MAX_VALUE);
        oldest = oldestS(hand.subList(first, hand.size()), oldest);
        oldest = oldestS(again, oldest);
        oldest = oldestS(kept, oldest);
        for (Parcel<T> parcel : air) {
            oldest = oldestS(parcel.values(), oldest);
        }
        return oldest;
    }

    /** About how many bytes what is in hand, in the air or kept takes. Under the lock. */
    final long outBytes() {
        return outBytes;
    }

    /** Takes everything that waits in hand, ordered by bucket; nothing is out. */
    final void take(boolean newestFirst) {
        synchronized (lock) {
            outBytes = waitingBytes;
            hand = removeWaiting(newestFirst);
            first = 0;
        }
    }

    /** Takes a few of the values that wait in hand, whichever; nothing is out. */
    final void takeSome(int most) {
        synchronized (lock) {
            long before = waitingBytes;
            hand = removeSome(most);
            outBytes = before - waitingBytes;
            first = 0;
        }
    }

    /**
     * One payload of the front of the hand, which is not empty, {@code maxItems} values at most. No lock while it encodes,
     * which takes its time.
     *
     * @return null if the end came meanwhile
     */
    final @Nullable Parcel<T> carve(PayloadSerializer serializer, int maxItems) {
        List<T> front;
        synchronized (lock) {
            if (!again.isEmpty()) {
                again.addAll(hand.subList(first, hand.size()));
                hand = again;
                again = new ArrayList<>();
                first = 0;
            }
            front = hand.subList(first, hand.size());
        }
        Payload payload = encode(serializer, front, maxItems);
        synchronized (lock) {
            if (closed) {
                return null;
            }
            Parcel<T> parcel = new Parcel<>(this, new ArrayList<>(front.subList(0, payload.items())), payload);
            first += payload.items();
            air.add(parcel);
            return parcel;
        }
    }

    final void delivered(Parcel<T> parcel) {
        synchronized (lock) {
            if (land(parcel)) {
                for (T value : parcel.values()) {
                    onDelivered(value);
                }
            }
        }
    }

    final void refused(Parcel<T> parcel, Counter reason, long nowMs) {
        synchronized (lock) {
            if (land(parcel)) {
                for (T value : parcel.values()) {
                    onRefused(value, reason, nowMs);
                }
            }
        }
    }

    final void ambiguous(Parcel<T> parcel) {
        synchronized (lock) {
            if (land(parcel)) {
                for (T value : parcel.values()) {
                    onAmbiguous(value);
                }
            }
        }
    }

    final void kept(Parcel<T> parcel) {
        synchronized (lock) {
            if (air.remove(parcel)) {
                kept.addAll(parcel.values());
            }
        }
    }

    final void backInHand(Parcel<T> parcel) {
        synchronized (lock) {
            if (air.remove(parcel)) {
                again.addAll(parcel.values());
            }
        }
    }

    final void aboutToRepeat(Parcel<T> parcel) {
        synchronized (lock) {
            if (air.contains(parcel)) {
                for (T value : parcel.values()) {
                    onRepeat(value);
                }
            }
        }
    }

    /** What waits and is of a time before {@code beforeS} will never be sent. Under the lock, with nothing out. */
    final void loseOlder(long beforeS, Counter reason) {
        for (T value : removeWaiting(false)) {
            if (atS(value) < beforeS) {
                onRefused(value, reason, Long.MAX_VALUE);
            } else {
                putBack(value);
            }
        }
    }

    /** What is out and has no outcome waits again; what is in the air may have arrived. Under the lock. */
    final void giveBack() {
        for (Parcel<T> parcel : air) {
            for (T value : parcel.values()) {
                onAmbiguous(value);
            }
        }
        air.clear();
        again.addAll(kept);
        again.addAll(hand.subList(first, hand.size()));
        for (T value : again) {
            putBack(value);
        }
        hand = new ArrayList<>();
        again = new ArrayList<>();
        kept = new ArrayList<>();
        first = 0;
        outBytes = 0;
    }

    /** Everything there is, newest first, for good: later outcomes change nothing. Under the lock. */
    final Remains<T> takeRemains() {
        giveBack();
        closed = true;
        return new Remains<>(this, removeWaiting(true));
    }

    /** Values of the remains leave under this name. */
    final void leave(List<T> values, Counter as) {
        synchronized (lock) {
            for (T value : values) {
                onWrittenElsewhere(value);
                lose(value, as);
            }
        }
    }

    /** Adds what waits. Under the lock. */
    final void listWaiting(List<Waiting<?>> all) {
        for (T value : peekWaiting()) {
            all.add(new Waiting<>(this, value));
        }
    }

    /** Who reads it there delivers it, perhaps a second time. Under the lock. */
    void onWrittenElsewhere(T value) {}

    /** The value leaves the account, lost. */
    abstract void lose(T value, Counter reason);

    /** Seconds since the epoch: the bucket or the time of a value. */
    abstract long atS(T value);

    /** About how many bytes of heap a waiting value keeps alive. */
    abstract long weigh(T value);

    abstract int waiting();

    /** What waits, in no order; only to be looked at. */
    abstract Collection<T> peekWaiting();

    abstract List<T> removeWaiting(boolean newestFirst);

    abstract List<T> removeSome(int most);

    /** It waits no more. */
    abstract void remove(T value);

    abstract Payload encode(PayloadSerializer serializer, List<T> values, int maxItems);

    abstract void putBack(T value);

    abstract void onDelivered(T value);

    abstract void onRefused(T value, Counter reason, long nowMs);

    abstract void onAmbiguous(T value);

    abstract void onRepeat(T value);

    private boolean isOut() {
        return hand.size() > first || !again.isEmpty() || !kept.isEmpty() || !air.isEmpty();
    }

    private boolean land(Parcel<T> parcel) {
        if (!air.remove(parcel)) {
            return false;
        }
        for (T value : parcel.values()) {
            outBytes -= weigh(value);
        }
        return true;
    }

    private long oldestS(Collection<T> values, long oldestSoFar) {
        long oldest = oldestSoFar;
        for (T value : values) {
            oldest = Math.min(oldest, atS(value));
        }
        return oldest;
    }

    /**
     * A value that waits, among those of all kinds: the oldest bucket comes first, and within a bucket the heaviest, so that as
     * few values as possible make room.
     */
    static final class Waiting<T> implements Comparable<Waiting<?>> {
        private final Shelf<T> shelf;
        private final T value;
        private final long bucket;
        private final long bytes;
        private final long atS;

        Waiting(Shelf<T> shelf, T value) {
            this.shelf = shelf;
            this.value = value;
            this.atS = shelf.atS(value);
            this.bucket = Math.floorDiv(atS, BUCKET_S);
            this.bytes = shelf.weigh(value);
        }

        /** There is no room for it. Under the lock. */
        void drop(long nowMs) {
            shelf.remove(value);
            shelf.onRefused(value, Counter.LOST_QUEUE_FULL, nowMs);
        }

        @Override
        @SuppressWarnings("ComparableType") // among values of all kinds
        public int compareTo(Waiting<?> other) {
            int byBucket = Long.compare(bucket, other.bucket);
            int byWeight = byBucket == 0 ? Long.compare(other.bytes, bytes) : byBucket;
            return byWeight == 0 ? Long.compare(atS, other.atS) : byWeight;
        }
    }
}
