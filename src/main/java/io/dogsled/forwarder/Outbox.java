package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import java.util.List;

/**
 * What has left the aggregator and is not settled yet: four shelves and the account of their samples, under one lock that
 * is never held during encoding or I/O. Any thread may offer and ask; a round (forwarder thread) works on the shelves.
 *
 * <p>Bounded: each shelf drops its oldest bucket first when it exceeds its share, {@value SeriesShelf#MAX_WEIGHT} bytes by
 * estimate for series, the same for sketches, and {@value QueueShelf#MAX_WEIGHT} each for events and checks.
 */
final class Outbox {
    private final Object lock = new Object();
    private final Account account;
    private final SeriesShelf series;
    private final SketchShelf sketches;
    private final EventShelf events;
    private final CheckShelf checks;
    private final List<Shelf<?>> shelves;

    Outbox(Counters counters, Ambiguous policy) {
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
            for (Shelf<?> shelf : shelves) {
                shelf.trim(nowMs);
            }
        }
    }

    /** Loses what waits and is of a time before {@code beforeS}; nothing is in hand. Returns how many samples that were. */
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

    /** The oldest bucket or time of what waits or is in hand, seconds; {@link Long#MAX_VALUE} = there is nothing. */
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

    /**
     * The end: what was given up is lost under its own names, the rest as {@link Counter#LOST_SHUTDOWN}. An answer that
     * comes later settles nothing. (Here is where dead letters will leave.)
     */
    void close() {
        synchronized (lock) {
            series.loseGivenUp(Long.MAX_VALUE);
            account.close(Counter.LOST_SHUTDOWN);
        }
    }
}
