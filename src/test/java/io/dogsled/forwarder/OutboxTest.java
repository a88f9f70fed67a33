package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Scalars, events and checks: what waits, what replaces what, and under which name samples leave. */
class OutboxTest {
    private static final long BUCKET_S = 1_700_000_000L;
    private static final long OPEN_MS = BUCKET_S * 1_000 + 5_000;
    private static final long CLOSED_MS = BUCKET_S * 1_000 + 12_000;

    private final Counters counters = new Counters();
    private final Outbox outbox = new Outbox(counters, Ambiguous.RESEND, 16 << 20);
    private final Receipt receipt = new Receipt();

    @Test
    void whatIsDeliveredIsHeldNoMore() {
        offer(new Batches().count("a", BUCKET_S, 3).event("e").check("c"), OPEN_MS);
        assertThat(outbox.heldSamples()).isEqualTo(5);
        Hands.deliverAll(outbox, OPEN_MS);

        assertThat(outbox.heldSamples()).isZero();
        assertThat(outbox.isIdle()).isTrue();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
    }

    @Test
    void aNewerValueReplacesTheOneThatWaits() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        offer(new Batches().count("a", BUCKET_S, receipt, 5, 2), OPEN_MS);

        assertThat(waitingSamples()).containsExactly(5L);
        assertThat(outbox.heldSamples()).isEqualTo(5);
        assertThat(counters.value(Counter.SUPERSEDED)).isEqualTo(3);
    }

    @Test
    void cellsOfOneContextAndSecondDoNotReplaceEachOther() {
        offer(new Batches().count("a", BUCKET_S, 3), OPEN_MS);
        offer(new Batches().count("a", BUCKET_S, 4), OPEN_MS);

        assertThat(waitingSamples()).containsExactlyInAnyOrder(3L, 4L);
    }

    @Test
    void aNewerValueWaitsForTheOutcomeAndSettlesOnlyWhatIsNew() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        Parcel<?> parcel = Hands.carveAll(series());
        offer(new Batches().count("a", BUCKET_S, receipt, 5, 2), OPEN_MS);
        assertThat(series().canTake()).as("while the older one is in the air").isFalse();
        parcel.delivered();
        outbox.giveBack(OPEN_MS);

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(3);
        assertThat(waitingSamples()).containsExactly(5L);
        Hands.carveAll(series()).delivered();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(counters.value(Counter.SUPERSEDED)).isZero();
    }

    @Test
    void aValueThatComesBackGivesWayToANewerOne() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        series().take(false);
        offer(new Batches().count("a", BUCKET_S, receipt, 5, 2), OPEN_MS);
        outbox.giveBack(OPEN_MS);

        assertThat(waitingSamples()).containsExactly(5L);
        assertThat(counters.value(Counter.SUPERSEDED)).isEqualTo(3);
        assertThat(outbox.heldSamples()).isEqualTo(5);
    }

    @Test
    void ambiguousScalarsAreSentAgain() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        Hands.carveAll(series()).ambiguous();

        assertThat(waitingSamples()).containsExactly(3L);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
    }

    @Test
    void refusedInAnOpenBucketIsNotLostIfANewerValueComes() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        Hands.refuseAll(outbox, OPEN_MS);
        assertThat(outbox.heldSamples()).isEqualTo(3);
        assertThat(outbox.isIdle()).isTrue();

        offer(new Batches().count("a", BUCKET_S, receipt, 5, 2), OPEN_MS + 1);
        Hands.carveAll(series()).delivered();
        outbox.offer(MetricBatch.EMPTY, CLOSED_MS);

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
        assertThat(outbox.heldSamples()).isZero();
    }

    @Test
    void refusedIsLostWhenItsBucketIsClosed() {
        offer(new Batches().count("a", BUCKET_S, receipt, 3, 3), OPEN_MS);
        Hands.refuseAll(outbox, OPEN_MS);
        outbox.offer(MetricBatch.EMPTY, CLOSED_MS - 1);
        assertThat(counters.value(Counter.LOST_REFUSED)).isZero();
        outbox.offer(MetricBatch.EMPTY, CLOSED_MS);

        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(3);
        assertThat(outbox.heldSamples()).isZero();
    }

    @Test
    void refusedInAClosedBucketIsLostAtOnceEventsAndChecksToo() {
        offer(new Batches().count("a", BUCKET_S, 3).event("e").check("c"), CLOSED_MS);
        Hands.refuseAll(outbox, CLOSED_MS);

        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(5);
        assertThat(outbox.heldSamples()).isZero();
    }

    @Test
    void theEndNamesEachLoss() {
        offer(new Batches().count("a", BUCKET_S, 3), OPEN_MS);
        Hands.refuseAll(outbox, OPEN_MS);
        offer(new Batches().count("b", BUCKET_S, 4).event("e"), OPEN_MS);
        Parcel<?> parcel = Hands.carveAll(series());
        outbox.close();

        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(3);
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(5);
        parcel.delivered();
        assertThat(counters.value(Counter.DELIVERED)).as("after the end").isZero();
        assertThat(outbox.heldSamples()).isZero();
    }

    @Test
    void ordersByBucket() {
        offer(new Batches().count("b", BUCKET_S + 10, 2).count("a", BUCKET_S, 1).count("c", BUCKET_S + 20, 3), OPEN_MS);
        SeriesShelf shelf = (SeriesShelf) series();

        List<SeriesPoint> oldestFirst = shelf.removeWaiting(false);
        assertThat(samples(oldestFirst)).containsExactly(1L, 2L, 3L);
        oldestFirst.forEach(shelf::putBack);
        assertThat(samples(shelf.removeWaiting(true))).containsExactly(3L, 2L, 1L);
    }

    @Test
    void aFullShelfDropsItsOldestBucketsAndCountsThem() {
        long nowMs = (BUCKET_S + 1_000_000) * 1_000;
        int offered = 0;
        while (counters.value(Counter.LOST_QUEUE_FULL) == 0) {
            offer(new Batches().count("metric." + offered, BUCKET_S + offered, 1), nowMs);
            offered++;
            assertThat(offered).as("the bound is never reached").isLessThan(100_000);
        }
        long lost = counters.value(Counter.LOST_QUEUE_FULL);

        assertThat(offered).isGreaterThan(5_000);
        assertThat(outbox.heldSamples()).isEqualTo(offered - lost);
        List<SeriesPoint> kept = ((SeriesShelf) series()).removeWaiting(false);
        assertThat(kept.get(0).timestampS()).isEqualTo(BUCKET_S + lost);
    }

    @Test
    void oneFlushOfTenThousandContextsFits() {
        Batches batches = new Batches();
        String tags = "t".repeat(200); // as heavy as four tags
        for (int i = 0; i < 10_000; i++) {
            batches.count(tags + i, BUCKET_S, 1).sketch(tags + i, BUCKET_S, 1);
        }

        offer(batches, OPEN_MS);

        assertThat(outbox.heldSamples()).isEqualTo(20_000);
        assertThat(counters.value(Counter.LOST_QUEUE_FULL)).isZero();
    }

    private void offer(Batches batches, long nowMs) {
        outbox.offer(batches.build(), nowMs);
    }

    private Shelf<?> series() {
        return outbox.shelves().get(0);
    }

    private List<Long> waitingSamples() {
        SeriesShelf shelf = (SeriesShelf) series();
        List<SeriesPoint> waiting = shelf.removeWaiting(false);
        waiting.forEach(shelf::putBack);
        return samples(waiting);
    }

    private static List<Long> samples(List<SeriesPoint> points) {
        List<Long> samples = new ArrayList<>();
        for (SeriesPoint point : points) {
            samples.add(point.samples());
        }
        return samples;
    }
}
