package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The values of one kind. They wait on the shelf until a round takes them in hand; what is in hand leaves it from the
 * front, payload by payload, and what was not sent goes back. A newer value of something that is in hand waits on the shelf
 * until the outcome is known, because nothing is taken while something is in hand (rulings.md 7).
 *
 * <p>Everything but {@link #encode} and {@link #inHand} takes the outbox's lock, and the methods that subclasses fill in run
 * under it. The hand itself is the forwarder thread's.
 *
 * @param <T> what waits
 */
abstract class Shelf<T> {
    /** The outbox's one lock. */
    final Object lock;

    /** Guarded by {@link #lock}. */
    final Account account;

    private final String label;
    private List<T> hand = new ArrayList<>();
    private int first;

    Shelf(Object lock, Account account, String label) {
        this.lock = lock;
        this.account = account;
        this.label = label;
    }

    /** The kind, for log lines. */
    final String label() {
        return label;
    }

    /** Whether nothing waits and nothing is in hand. */
    final boolean isIdle() {
        synchronized (lock) {
            return waiting() == 0 && inHand() == 0;
        }
    }

    /** The time of the oldest value that waits or is in hand, seconds; {@link Long#MAX_VALUE} = none. Under the lock. */
    final long oldestS() {
        long oldest = Long.MAX_VALUE;
        for (T value : front(inHand())) {
            oldest = Math.min(oldest, atS(value));
        }
        for (T value : peekWaiting()) {
            oldest = Math.min(oldest, atS(value));
        }
        return oldest;
    }

    /** Takes everything that waits in hand, ordered by bucket. */
    final void take(boolean newestFirst) {
        synchronized (lock) {
            hand = removeWaiting(newestFirst);
            first = 0;
        }
    }

    /** How many values of the hand have no outcome yet. */
    final int inHand() {
        return hand.size() - first;
    }

    /** One payload of the front of the hand, {@code maxItems} values at most. No lock: encoding takes its time. */
    final Payload encode(PayloadSerializer serializer, int maxItems) {
        return encode(serializer, hand.subList(first, hand.size()), maxItems);
    }

    /** The first {@code count} values of the hand were acknowledged. */
    final void delivered(int count) {
        synchronized (lock) {
            for (T value : front(count)) {
                onDelivered(value);
            }
            drop(count);
        }
    }

    /** The first {@code count} values will never be taken by the intake as they are. */
    final void refused(int count, Counter reason, long nowMs) {
        synchronized (lock) {
            for (T value : front(count)) {
                onRefused(value, reason, nowMs);
            }
            drop(count);
        }
    }

    /** Nobody knows whether the intake took the first {@code count} values. */
    final void ambiguous(int count) {
        synchronized (lock) {
            for (T value : front(count)) {
                onAmbiguous(value);
            }
            drop(count);
        }
    }

    /** The first {@code count} values stay in hand and are about to be written a second time. */
    final void aboutToRepeat(int count) {
        synchronized (lock) {
            for (T value : front(count)) {
                onRepeat(value);
            }
        }
    }

    /** What waits and is of a time before {@code beforeS} will never be sent. Under the lock, with nothing in hand. */
    final void loseOlder(long beforeS, Counter reason) {
        for (T value : removeWaiting(false)) {
            if (atS(value) < beforeS) {
                onRefused(value, reason, Long.MAX_VALUE);
            } else {
                putBack(value);
            }
        }
    }

    /** What is still in hand waits again. */
    final void giveBack(long nowMs) {
        synchronized (lock) {
            for (T value : front(inHand())) {
                putBack(value);
            }
            hand = new ArrayList<>();
            first = 0;
            trim(nowMs);
        }
    }

    /** Seconds since the epoch: the bucket or the time of a value. */
    abstract long atS(T value);

    abstract int waiting();

    /** What waits, in no order; only to be looked at. */
    abstract Collection<T> peekWaiting();

    abstract List<T> removeWaiting(boolean newestFirst);

    abstract Payload encode(PayloadSerializer serializer, List<T> values, int maxItems);

    abstract void putBack(T value);

    abstract void onDelivered(T value);

    abstract void onRefused(T value, Counter reason, long nowMs);

    abstract void onAmbiguous(T value);

    abstract void onRepeat(T value);

    /** Brings the shelf back within its bound, oldest bucket first out. */
    abstract void trim(long nowMs);

    private List<T> front(int count) {
        return hand.subList(first, first + count);
    }

    private void drop(int count) {
        first += count;
    }
}
