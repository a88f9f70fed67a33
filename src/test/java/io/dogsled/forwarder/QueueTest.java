package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one bound of everything that waits, and what is merged before it is reached. */
class QueueTest {
    private static final long BUCKET_S = 1_700_000_000L;
    private static final long NOW_MS = (BUCKET_S + 1_000_000) * 1_000;
    private static final int MAX_BYTES = 256 << 10;

    private final Counters counters = new Counters();
    private final Outbox outbox = new Outbox(counters, Ambiguous.RESEND, MAX_BYTES);
    private long received;

    @AfterEach
    void theLedgerBalances() {
        assertThat(counters.value(Counter.DELIVERED) + outbox.heldSamples() + counters.sum(Counter.Kind.LOST))
                .as("delivered + held + lost")
                .isEqualTo(received);
    }

    @Test
    void theOldestBucketsGoFirstWhateverTheirKind() {
        int offered = 0;
        while (counters.value(Counter.LOST_QUEUE_FULL) == 0) {
            offer(new Batches().count("c", BUCKET_S + 10L * offered, 1).sketch("d", BUCKET_S + 10L * offered, 1));
            offered++;
            assertThat(outbox.bytes()).isLessThanOrEqualTo(MAX_BYTES);
            assertThat(offered).as("the bound is never reached").isLessThan(100_000);
        }
        long oldest = (outbox.oldestS() - BUCKET_S) / 10;

        assertThat(offered).isGreaterThan(100);
        assertThat(counters.value(Counter.LOST_QUEUE_FULL))
                .as("both kinds up to the same bucket")
                .isBetween(2 * oldest, 2 * oldest + 1);
        assertThat(outbox.bytes()).as("an eighth is free again").isLessThan(MAX_BYTES / 8 * 7 + 1);
    }

    @Test
    void withinABucketTheHeaviestGoFirst() {
        offer(new Batches().count("c", BUCKET_S, 1));
        for (int i = 0; i < 10_000; i++) {
            offer(new Batches().sketch("d" + i, BUCKET_S, 1));
        }

        assertThat(counters.value(Counter.LOST_QUEUE_FULL)).isPositive();
        Hands.carveAll(outbox.shelves().get(0)).delivered();
        assertThat(counters.value(Counter.DELIVERED)).as("the counter").isEqualTo(1);
    }

    @Test
    void eventsAndChecksAreOfTheTimeTheyTell() {
        offer(new Batches().event("e").check("c")); // both are of 1970
        while (counters.value(Counter.LOST_QUEUE_FULL) == 0) {
            offer(new Batches().count("c" + received, BUCKET_S, 1));
        }
        assertThat(outbox.oldestS()).as("the event and the check went first").isEqualTo(BUCKET_S);
    }

    @Test
    void whatIsOutCountsButCannotBeDropped() {
        while (outbox.bytes() < MAX_BYTES / 10 * 9) {
            offer(new Batches().count("old" + received, BUCKET_S, 1));
        }
        long out = received;
        Parcel<?> parcel = Hands.carveAll(outbox.shelves().get(0));
        for (int i = 0; i < 10_000; i++) {
            offer(new Batches().count("new" + i, BUCKET_S + 10, 1));
        }
        assertThat(outbox.bytes()).isBetween((long) MAX_BYTES, (long) MAX_BYTES / 4 * 5);
        assertThat(counters.value(Counter.LOST_QUEUE_FULL)).isPositive();

        parcel.delivered();
        outbox.giveBack(NOW_MS);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(out);
        assertThat(outbox.bytes()).isLessThanOrEqualTo(MAX_BYTES / 4);
        Hands.deliverAll(outbox, NOW_MS);
        assertThat(outbox.bytes()).isZero();
    }

    @Test
    void anHourWithoutAnIntakeTakesTheRoomOfItsBuckets() {
        long most = 0;
        for (int minute = 0; minute < 60; minute++) {
            Receipt receipt = new Receipt();
            long bucketS = BUCKET_S + minute / 10 * 10L;
            for (int i = 1; i <= 50; i++) {
                offer(new Batches().count("c", bucketS, receipt, i, 1).sketch("d", bucketS, 1));
            }
            most = Math.max(most, outbox.bytes());
        }

        assertThat(received).isEqualTo(6_000);
        assertThat(most).as("60 series points and 6 sketches").isLessThan(40_000);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
        Hands.deliverAll(outbox, NOW_MS);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(6_000);
    }

    private void offer(Batches batches) {
        MetricBatch batch = batches.build();
        received += batch.newSamples();
        outbox.offer(batch, NOW_MS);
    }
}
