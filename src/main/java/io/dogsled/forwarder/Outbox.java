package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What has left the aggregator and is not settled yet: four shelves and the account of their samples, under one lock that
 * is never held during encoding or I/O. Any thread may offer and ask; rounds work on the shelves.
 *
 * <p>Bounded in bytes, by estimate and over all kinds: beyond the bound the oldest buckets go first, of whatever kind they are.
 * What a round has taken counts, but cannot be dropped; a quarter of the bound is for what waits, however much is out.
 */
final class Outbox {
    /** How much of the bound is for what waits, at least. */
    private static final int LEAST_SHARE = 4;

    private final Object lock = new Object();
    private final long maxBytes;
    private final Account account;
    private final SeriesShelf series;
    private final SketchShelf sketches;
    private final EventShelf events;
    private final CheckShelf checks;
    private final List<Shelf<?>> shelves;

    /** {@code maxBytes}: the bound. */
    Outbox(Counters counters, Ambiguous policy, long maxBytes) {
        this.maxBytes = maxBytes;
        account = new Account(counters);
        series = new SeriesShelf(lock, account);
        sketches = new SketchShelf(lock, account, policy);
        events = new EventShelf(lock, account, policy);
        checks = new CheckShelf(lock, account);
        shelves = List.of(series, sketches, checks, events);
    }

    /** In the order in which a round sends them. */
    List<Shelf<?>> shelves() {
        return shelves;
    }

    /**
     * Takes over what a swap took out of the aggregator, which may be nothing: time passes for what was given up.
     *
     * @param nowMs wall clock, not earlier than the swap
     */
    void offer(MetricBatch batch, long nowMs) {
        synchronized (lock) {
            account.take(batch.newSamples());
            for (SeriesPoint point : batch.series()) {
                series.offer(point);
            }
            for (SketchPoint point : batch.sketches()) {
                sketches.offer(point);
            }
            for (Event event : batch.events()) {
                events.offer(event);
            }
            for (ServiceCheck check : batch.checks()) {
                checks.offer(check);
            }
            series.loseGivenUp(nowMs);
            trim(nowMs);
        }
    }

    /** The round is over: what has no outcome waits again. */
    void giveBack(long nowMs) {
        synchronized (lock) {
            for (Shelf<?> shelf : shelves) {
                shelf.giveBack();
            }
            trim(nowMs);
        }
    }

    /** Loses what waits and is of a time before {@code beforeS}; nothing is out. Returns how many samples that were. */
    long loseOlder(long beforeS, Counter reason) {
        synchronized (lock) {
            long before = account.held();
            series.loseGivenUp(Long.MAX_VALUE);
            for (Shelf<?> shelf : shelves) {
                shelf.loseOlder(beforeS, reason);
            }
            return before - account.held();
        }
    }

    /** Whether there is nothing to send and nothing being sent. */
    boolean isIdle() {
        for (Shelf<?> shelf : shelves) {
            if (!shelf.isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** The oldest bucket or time of what is not settled, seconds; {@link Long#MAX_VALUE} = there is nothing. */
    long oldestS() {
        long oldest = Long.MAX_VALUE;
        synchronized (lock) {
            for (Shelf<?> shelf : shelves) {
                oldest = Math.min(oldest, shelf.oldestS());
            }
        }
        return oldest;
    }

    /** Samples taken over and not settled. */
    long heldSamples() {
        synchronized (lock) {
            return account.held();
        }
    }

    /** About how many bytes of heap everything takes that waits or is out. */
    long bytes() {
        synchronized (lock) {
            return waitingBytes() + outBytes();
        }
    }

    /**
     * Everything that is left, kind by kind, newest bucket first: for whoever has another way out for it at the end of the
     * sandbox. What was in the air counts as ambiguous; its answer, should it still come, settles nothing. To be followed by
     * {@link #close}.
     */
    List<Remains<?>> takeRemains() {
        List<Remains<?>> remains = new ArrayList<>(shelves.size());
        synchronized (lock) {
            for (Shelf<?> shelf : shelves) {
                remains.add(shelf.takeRemains());
            }
        }
        return remains;
    }

    /**
     * The end: what was given up is lost under its own names, the rest as {@link Counter#LOST_SHUTDOWN}. An answer that
     * comes later settles nothing.
     */
    void close() {
        synchronized (lock) {
            series.loseGivenUp(Long.MAX_VALUE);
            account.close(Counter.LOST_SHUTDOWN);
        }
    }

    /** Down to seven eighths of the bound, so that this is not done for every value. */
    private void trim(long nowMs) {
        long outBytes = outBytes();
        long mostWaiting = Math.max(maxBytes - outBytes, maxBytes / LEAST_SHARE);
        if (waitingBytes() <= mostWaiting) {
            return;
        }
        List<Shelf.Waiting<?>> oldestFirst = new ArrayList<>();
        for (Shelf<?> shelf : shelves) {
            shelf.listWaiting(oldestFirst);
        }
        Collections.sort(oldestFirst);
        for (int i = 0; i < oldestFirst.size() && waitingBytes() > mostWaiting / 8 * 7; i++) {
            oldestFirst.get(i).drop(nowMs);
        }
    }

    private long waitingBytes() {
        long bytes = 0;
        for (Shelf<?> shelf : shelves) {
            bytes += shelf.waitingBytes;
        }
        return bytes;
    }

    private long outBytes() {
        long bytes = 0;
        for (Shelf<?> shelf : shelves) {
            bytes += shelf.outBytes();
        }
        return bytes;
    }
}
