package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.Receipt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** received = delivered + held + lost after every step of a random history, whatever the outcomes. */
class LedgerBalancePropertyTest {
    private static final int HISTORIES = 200;
    private static final int STEPS = 120;
    private static final long START_MS = 1_700_000_000_000L;

    @ParameterizedTest
    @EnumSource(Ambiguous.class)
    void balancesAfterEveryStep(Ambiguous policy) {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        for (int i = 0; i < HISTORIES; i++) {
            new History(seed + i, policy).run();
        }
    }

    /** Three counters in open buckets, a sketch, events and checks, against an intake that answers by chance. */
    private static final class History {
        private final long seed;
        private final Random random;
        private final Counters counters = new Counters();
        private final Outbox outbox;
        private final Receipt[] receipts = {new Receipt(), new Receipt(), new Receipt()};
        private final long[] samples = new long[3];
        private long bucketS = START_MS / 1_000;
        private long nowMs = START_MS;
        private long received;

        History(long seed, Ambiguous policy) {
            this.seed = seed;
            this.random = new Random(seed);
            this.outbox = new Outbox(counters, policy);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(3_000);
                openNextBucket();
                if (random.nextBoolean()) {
                    outbox.offer(batch(), nowMs);
                } else {
                    round(outbox.shelves().get(random.nextInt(4)));
                }
                assertBalance("step " + step);
            }
            outbox.close();
            assertBalance("end");
            assertThat(outbox.heldSamples()).as("seed %d", seed).isZero();
        }

        private void openNextBucket() {
            if (nowMs >= (bucketS + 10) * 1_000) {
                bucketS = nowMs / 10_000 * 10;
                for (int i = 0; i < 3; i++) {
                    receipts[i] = new Receipt();
                    samples[i] = 0;
                }
            }
        }

        private io.dogsled.metrics.MetricBatch batch() {
            Batches batches = new Batches();
            for (int i = 0; i < 3; i++) {
                int fresh = random.nextInt(4);
                if (fresh > 0) {
                    samples[i] += fresh;
                    received += fresh;
                    batches.count("c" + i, bucketS, receipts[i], samples[i], fresh);
                }
            }
            if (random.nextBoolean()) {
                int fresh = 1 + random.nextInt(5);
                received += fresh + 2;
                batches.sketch("d", bucketS, fresh).event("e").check("c");
            }
            return batches.build();
        }

        private void round(Shelf<?> shelf) {
            shelf.take(random.nextBoolean());
            while (shelf.inHand() > 0 && random.nextInt(5) > 0) {
                int items = 1 + random.nextInt(shelf.inHand());
                if (random.nextInt(3) == 0) {
                    outbox.offer(batch(), nowMs);
                }
                switch (random.nextInt(6)) {
                    case 0, 1 -> shelf.delivered(items);
                    case 2 -> shelf.refused(items, Counter.LOST_REFUSED, nowMs);
                    case 3 -> shelf.refused(items, Counter.LOST_FORBIDDEN, nowMs);
                    case 4 -> shelf.ambiguous(items);
                    default -> shelf.aboutToRepeat(items);
                }
                assertBalance("in hand");
            }
            shelf.giveBack(nowMs);
        }

        private void assertBalance(String where) {
            long delivered = counters.value(Counter.DELIVERED);
            long lost = counters.sum(Counter.Kind.LOST);
            assertThat(delivered + outbox.heldSamples() + lost)
                    .as(
                            "seed %d, %s: delivered %d, lost %d, held %d",
                            seed, where, delivered, lost, outbox.heldSamples())
                    .isEqualTo(received);
        }
    }
}
