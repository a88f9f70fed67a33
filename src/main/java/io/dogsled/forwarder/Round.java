package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.forwarder.DeliveryResult.Ambiguous;
import io.dogsled.forwarder.DeliveryResult.Refused;
import io.dogsled.forwarder.DeliveryResult.Retry;
import io.dogsled.serializer.PayloadSerializer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at everything that waits: which parcel is next, and what its outcome means
 * (docs/decisions/019-rounds-and-lanes.md).
 *
 * <pre>
 * 2xx                         settled
 * 400                         not sent again
 * 413                         half as many values to a payload; a single value is not sent again, and after eight of them
 *                             in a row the rest of this kind waits for the next round
 * 403                         once more if reading the key again gives another; else the round ends, and the breaker opens.
 *                             Not sent again if the key cannot change
 * any other answer            kept; the rest of this kind waits for the next round, the next kind is tried
 * no answer, used connection  once more, on a new one
 * no answer, outcome unknown  scalars kept, sketches as configured; the round ends
 * not connected               kept; the round ends
 * a probe without 2xx         as above, and the round ends
 * </pre>
 *
 * <p>Nothing is tried twice in a round but what the table says. The last round ends with none of these: each kind is tried.
 *
 * <p>It has no thread, no socket and no clock, so the same class runs in a simulation of virtual time. One round is played like
 * this, by one or more callers of {@link #next} and {@link #settle} between one {@link #begin} and one {@link #end}:
 *
 * <pre>
 * outbox.offer(batch, nowMs);
 * if (round.begin(nowMs)) {                                       // false: the breaker wants the endpoint left alone
 *     for (Parcel p = round.next(nowMs); p != null; p = round.next(nowMs)) {
 *         while (round.settle(p, new Delivered("202"), nowMs)) {} // true: send the very same once more, at once
 *     }
 *     round.end(nowMs);
 * }
 * </pre>
 *
 * <p>Who waits asks {@link Breaker#beginFlush} first, and says afterwards {@link #inTime}, or {@link #late} when
 * his budget was over before the end. Any thread; encoding is done by one at a time.
 */
final class Round {
    /** As the Agent's forwarder_timeout. It outlives budgets on purpose: an exchange is parked, not cut. */
    static final long EXCHANGE_MS = 20_000;

    /** At the end, each kind that is not under way keeps this much of the time for an attempt of its own. */
    static final long RESERVE_MS = 100;

    /** A probe has at most so many values. */
    static final int PROBE_ITEMS = 100;

    private final Outbox outbox;
    private final PayloadSerializer serializer;
    private final Endpoint endpoint;
    private final Watch watch;

    /** Held while a parcel is chosen and encoded; taken before this object's own lock, which is short. */
    private final Object carving = new Object();

    /** Held while the key is read again, which may take its time. */
    private final Object keyLock = new Object();

    private final List<Visit> visits = new ArrayList<>();

    // guarded by this
    private @Nullable Deadline last;
    private boolean over = true;
    private boolean hurried;
    private boolean failed;
    private boolean breakerKnows;
    private boolean calledLate;
    private int inAir;
    private long settled;

    /** {@code serializer}: used by one thread at a time. */
    Round(Outbox outbox, PayloadSerializer serializer, Endpoint endpoint, Watch watch) {
        this.outbox = outbox;
        this.serializer = serializer;
        this.endpoint = endpoint;
        this.watch = watch;
        for (Shelf<?> shelf : outbox.shelves()) {
            visits.add(new Visit(shelf));
        }
    }

    /** Begins a round, oldest bucket first; false if the endpoint is to be left alone. */
    synchronized boolean begin(long nowMs) {
        boolean may = watch.breaker().maySend(nowMs) && !hurried;
        start(null);
        over = !may;
        failed = !may;
        return may;
    }

    /** Begins the last round: newest bucket first, whatever the breaker says, until the deadline. */
    synchronized void beginLast(Deadline deadline) {
        start(deadline);
    }

    /** The sandbox ends: a round under way, unless it is the last, gives out no further parcel. */
    synchronized void hurry() {
        hurried = true;
    }

    /** What to send next; null if there is nothing, now or any more. Encodes, so it takes its time. */
    @Nullable
    Parcel<?> next(long nowMs) {
        synchronized (carving) {
            for (Visit visit = choose(); visit != null; visit = choose()) {
                Parcel<?> parcel = visit.shelf().carve(serializer, visit.maxItems());
                if (parcel != null && !parcel.payload().tooLarge()) {
                    onCarved();
                    return parcel;
                }
                if (parcel != null) {
                    parcel.refused(Counter.LOST_TOO_LARGE, nowMs);
                }
            }
            return null;
        }
    }

    /** How long the exchange with a parcel may take that was given out a moment ago. */
    synchronized Deadline deadline(long nowNs) {
        if (last == null) {
            return Deadline.after(nowNs, EXCHANGE_MS);
        }
        long allMs = last.remainingMs(nowNs);
        return Deadline.after(nowNs, Math.max(allMs / 2, allMs - kindsLeft() * RESERVE_MS));
    }

    /** Whether this is the last round and its time is over. */
    synchronized boolean isTimeOver(long nowNs) {
        return last != null && last.isOver(nowNs);
    }

    /** What became of a parcel. True: the very same is to be sent once more, at once; then it has no outcome yet. */
    boolean settle(Parcel<?> parcel, DeliveryResult result, long nowMs) {
        if (mustRepeat(parcel, result, nowMs)) {
            return true;
        }
        boolean delivered = result.kind() == DeliveryResult.Kind.DELIVERED;
        watch.instruments().counters().increment(delivered ? Counter.PAYLOADS_SENT : Counter.PAYLOADS_FAILED);
        switch (result.kind()) {
            case DELIVERED -> delivered(parcel);
            case REFUSED -> refused(parcel, (Refused) result, nowMs);
            case RETRY -> retry(parcel, (Retry) result, nowMs);
            case AMBIGUOUS -> ambiguous(parcel, result.reason());
        }
        synchronized (this) {
            inAir--;
            settled++;
        }
        return false;
    }

    /** The round is over, and no parcel is in the air: what has no outcome waits again. */
    void end(long nowMs) {
        boolean bad;
        boolean told;
        boolean late;
        synchronized (this) {
            over = true;
            inAir = 0;
            bad = failed;
            told = breakerKnows;
            late = calledLate;
        }
        outbox.giveBack(nowMs);
        if (!bad && !late) {
            watch.breaker().roundSettled();
        } else if (bad && !told) {
            watch.heed(watch.breaker().roundFailed(nowMs, late));
        }
    }

    /** Somebody waited for this round, and his budget is over. */
    synchronized void late(long nowMs) {
        calledLate = true;
        watch.heed(watch.breaker().flushLate(nowMs));
    }

    /** Somebody waited for this round to its end. */
    synchronized void inTime() {
        if (!failed) {
            watch.heed(watch.breaker().flushSettled());
        }
    }

    /** Whether another lane would find something to send, while all others wait for answers. */
    synchronized boolean hasUncarved() {
        return inAir > 0 && pick() != null;
    }

    /** How many parcels have had their outcome, ever. */
    synchronized long settled() {
        return settled;
    }

    private void start(@Nullable Deadline deadline) {
        last = deadline;
        over = false;
        failed = false;
        breakerKnows = false;
        calledLate = false;
        for (Visit visit : visits) {
            visit.reset();
        }
    }

    /** A kind with something in hand, which is taken if need be. Under {@link #carving}. */
    private synchronized @Nullable Visit choose() {
        Visit visit = pick();
        if (visit != null && visit.shelf().inHand() == 0) {
            if (mustProbe()) {
                visit.shelf().takeSome(PROBE_ITEMS);
            } else {
                visit.take(last != null);
            }
        }
        return visit;
    }

    private @Nullable Visit pick() {
        if (over || (hurried && last == null)) {
            return null;
        }
        if (mustProbe()) {
            return inAir > 0 ? null : smallest();
        }
        Visit found = null;
        for (Visit visit : visits) {
            if (visit.canGo() && (found == null || (found.isTaken() && !visit.isTaken()))) {
                if (inAir == 0) {
                    return visit; // one kind after the other
                }
                found = visit; // side by side: another kind first
            }
        }
        return found;
    }

    private @Nullable Visit smallest() {
        Visit smallest = null;
        for (Visit visit : visits) {
            if (visit.canGo()
                    && (smallest == null
                            || visit.shelf().waitingBytes() < smallest.shelf().waitingBytes())) {
                smallest = visit;
            }
        }
        return smallest;
    }

    private boolean mustProbe() {
        return last == null && watch.breaker().mustProbe();
    }

    private synchronized void onCarved() {
        inAir++;
    }

    private int kindsLeft() {
        int left = 0;
        for (Visit visit : visits) {
            left += visit.canGo() ? 1 : 0;
        }
        return left;
    }

    private boolean mustRepeat(Parcel<?> parcel, DeliveryResult result, long nowMs) {
        if (result instanceof Ambiguous first && first.stale() && parcel.mayRepeat()) {
            if (first.written()) {
                parcel.aboutToRepeat();
            }
            return true;
        }
        return result instanceof Refused refused
                && refused.isForbidden()
                && endpoint.keys().canChange()
                && parcel.mayTakeNewKey()
                && hasNewKey(nowMs);
    }

    private boolean hasNewKey(long nowMs) {
        synchronized (keyLock) {
            return endpoint.keys().refresh(nowMs);
        }
    }

    private void delivered(Parcel<?> parcel) {
        parcel.delivered();
        visit(parcel).hope();
        watch.heed(watch.breaker().answered());
    }

    private void refused(Parcel<?> parcel, Refused result, long nowMs) {
        if (result.isForbidden()) {
            forbidden(parcel, nowMs);
        } else if (result.isTooLarge() && parcel.items() > 1) {
            visit(parcel).atMost(parcel.items() / 2);
            parcel.backInHand();
        } else {
            parcel.refused(Counter.LOST_REFUSED, nowMs);
            watch.complaints().refused(parcel.label(), result.reason());
            refusedAlone(parcel, result);
        }
    }

    /** One value may be too large for the intake; when all are, it is the intake that is not well. */
    private void refusedAlone(Parcel<?> parcel, Refused result) {
        if (result.isTooLarge() && visit(parcel).isHopeless()) {
            synchronized (this) {
                fail(parcel, false);
            }
        } else {
            watch.heed(watch.breaker().answered());
        }
    }

    private void forbidden(Parcel<?> parcel, long nowMs) {
        if (endpoint.keys().canChange()) {
            parcel.kept();
        } else {
            parcel.refused(Counter.LOST_FORBIDDEN, nowMs);
        }
        watch.complaints().forbidden();
        boolean another;
        synchronized (this) {
            another = breakerKnows;
            breakerKnows = true;
            fail(parcel, true);
        }
        if (!another) { // the lanes of one round meet one refusal
            watch.breaker().forbidden(nowMs);
        }
    }

    private void retry(Parcel<?> parcel, Retry result, long nowMs) {
        parcel.kept();
        watch.complaints().notDelivered(parcel.label(), result.reason(), outbox.heldSamples());
        if (result.afterMs() > 0) {
            watch.breaker().pause(nowMs, result.afterMs());
        }
        synchronized (this) {
            fail(parcel, result.unreachable() || result.afterMs() > 0);
        }
    }

    private void ambiguous(Parcel<?> parcel, String reason) {
        parcel.ambiguous();
        watch.complaints().notDelivered(parcel.label(), reason, outbox.heldSamples());
        synchronized (this) {
            fail(parcel, true);
        }
    }

    /** The rest of this kind waits for the next round, or everything does. */
    private void fail(Parcel<?> parcel, boolean ends) {
        failed = true;
        visit(parcel).stop();
        over |= last == null && (ends || mustProbe());
    }

    private Visit visit(Parcel<?> parcel) {
        for (Visit visit : visits) {
            if (visit.shelf().label().equals(parcel.label())) {
                return visit;
            }
        }
        throw new IllegalArgumentException("a parcel of another round: " + parcel.label());
    }

    /** What a round looks at and reports to. */
    record Watch(Instruments instruments, Complaints complaints, Breaker breaker) {
        /** Says that the breaker opened, or that the endpoint is well again. */
        void heed(Breaker.Change change) {
            if (change != Breaker.Change.NONE) {
                complaints.changed(change);
            }
        }
    }
}
