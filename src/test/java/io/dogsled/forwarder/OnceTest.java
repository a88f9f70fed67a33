package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.SketchPoint;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must arrive once, sketches and events, when an outcome is not known (rulings.md 12). */
class OnceTest {
    private static final long BUCKET_S = 1_700_000_000L;
    private static final long NOW_MS = BUCKET_S * 1_000;
    private static final int SKETCHES = 1;
    private static final int EVENTS = 3;

    private final Counters counters = new Counters();

    @Test
    void sketchesOfOneSlotThatWaitBecomeOne() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        outbox.offer(new Batches().sketch("d", BUCKET_S, 3).build(), NOW_MS);
        outbox.offer(
                new Batches()
                        .sketch("d", BUCKET_S, 4)
                        .sketch("d", BUCKET_S + 10, 5)
                        .build(),
                NOW_MS);
        List<Once<SketchPoint>> waiting = ((SketchShelf) outbox.shelves().get(SKETCHES)).removeWaiting(false);

        assertThat(waiting).hasSize(2);
        assertThat(waiting.get(0).value().sketch().count()).isEqualTo(7);
        assertThat(waiting.get(0).samples()).isEqualTo(7);
        assertThat(counters.value(Counter.SUPERSEDED)).isZero();
    }

    @Test
    void aMergedSketchSettlesTheSamplesOfBoth() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        outbox.offer(
                new Batches().sketch("d", BUCKET_S, 3).sketch("d", BUCKET_S, 4).build(), NOW_MS);
        Hands.deliverAll(outbox, NOW_MS);

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
        assertThat(outbox.heldSamples()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {SKETCHES, EVENTS})
    void resendCountsWhatMayBeThereTwiceWhenItIsThere(int index) {
        Outbox outbox = outbox(Ambiguous.RESEND);
        Shelf<?> shelf = withOne(outbox, index);
        Hands.carveAll(shelf).ambiguous();
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED))
                .as("sent once so far")
                .isZero();
        assertThat(outbox.heldSamples()).isEqualTo(1);
        Hands.deliverAll(outbox, NOW_MS);

        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isEqualTo(1);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SKETCHES, EVENTS})
    void aSampleIsPossiblyDuplicatedOnlyOnceHoweverOftenItIsSent(int index) {
        Outbox outbox = outbox(Ambiguous.RESEND);
        Shelf<?> shelf = withOne(outbox, index);
        for (int i = 0; i < 5; i++) {
            Hands.carveAll(shelf).ambiguous();
        }
        Hands.deliverAll(outbox, NOW_MS);

        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isEqualTo(1);
    }

    @Test
    void whatJoinsADoubtfulSketchIsNotInDoubt() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        Shelf<?> shelf = withOne(outbox, SKETCHES);
        Parcel<?> parcel = Hands.carveAll(shelf);
        outbox.offer(new Batches().sketch("x", BUCKET_S, 10).build(), NOW_MS);
        parcel.ambiguous();
        Hands.deliverAll(outbox, NOW_MS);

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(11);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isEqualTo(1);
    }

    @Test
    void aRefusedSketchWasNotThereTwice() {
        Outbox outbox = outbox(Ambiguous.RESEND);
        Shelf<?> shelf = withOne(outbox, SKETCHES);
        Hands.carveAll(shelf).ambiguous();
        Hands.carveAll(shelf).refused(Counter.LOST_REFUSED, NOW_MS);

        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {SKETCHES, EVENTS})
    void dropLosesWhatMayHaveArrived(int index) {
        Outbox outbox = outbox(Ambiguous.DROP);
        Shelf<?> shelf = withOne(outbox, index);
        Hands.carveAll(shelf).ambiguous();

        outbox.giveBack(NOW_MS);

        assertThat(outbox.isIdle()).isTrue();
        assertThat(counters.value(Counter.LOST_AMBIGUOUS)).isEqualTo(1);
        assertThat(outbox.heldSamples()).isZero();
    }

    private Outbox outbox(Ambiguous policy) {
        return new Outbox(counters, policy, 16 << 20);
    }

    private static Shelf<?> withOne(Outbox outbox, int index) {
        Batches batches = new Batches();
        outbox.offer((index == SKETCHES ? batches.sketch("x", BUCKET_S, 1) : batches.event("x")).build(), NOW_MS);
        return outbox.shelves().get(index);
    }
}
