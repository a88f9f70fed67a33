package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.forwarder.DeliveryResult.Delivered;
import io.dogsled.forwarder.DeliveryResult.Refused;
import io.dogsled.forwarder.DeliveryResult.Retry;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rounds in virtual time, without threads and sockets: the breaker's probes, several parcels in the air, keys that change. */
class RecoveryTest {
    private static final DeliveryResult WELL = new Delivered("answered 202");
    private static final DeliveryResult BROKEN = new Retry("answered 503", 0, false);
    private static final DeliveryResult FORBIDDEN = new Refused(403, "answered 403");

    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters();
    private final Breaker breaker = new Breaker(new Random(1));
    private final Outbox outbox = new Outbox(counters, Ambiguous.RESEND, 16 << 20);
    private final Keys keys = new Keys();
    private final Round round = round();
    private final List<Integer> sent = new ArrayList<>();
    private long received;

    @AfterEach
    void theLedgerBalances() {
        assertThat(counters.value(Counter.DELIVERED) + outbox.heldSamples() + counters.sum(Counter.Kind.LOST))
                .as("delivered + held + lost")
                .isEqualTo(received);
    }

    @Test
    void anOpenBreakerSendsOneSmallProbeAndThenEverythingInTheSameRound() {
        offer(counts(300));
        play(BROKEN);
        play(BROKEN);
        assertThat(sent).containsExactly(300, 300);
        play(WELL);
        assertThat(sent).as("within the window").hasSize(2);

        clock.advanceMs(Breaker.FIRST_WINDOW_MS);
        play(WELL);
        assertThat(sent).containsExactly(300, 300, 100, 200);
        assertThat(outbox.isIdle()).isTrue();
        assertThat(breaker.isOpen(clock.nowMs())).isFalse();
    }

    @Test
    void theProbeIsOfTheKindOfWhichThereIsLeast() {
        offer(counts(300).check("c"));
        play(BROKEN);
        play(BROKEN);
        clock.advanceMs(Breaker.FIRST_WINDOW_MS);
        round.begin(clock.nowMs());

        assertThat(next().payload().kind()).isEqualTo(Payload.Kind.CHECKS);
    }

    @Test
    void oneProbeIsInTheAirAtATime() {
        offer(counts(300).sketch("d", bucketS(), 1));
        play(BROKEN);
        play(BROKEN);
        clock.advanceMs(Breaker.FIRST_WINDOW_MS);
        round.begin(clock.nowMs());
        Parcel<?> probe = next();
        assertThat(round.next(clock.nowMs())).isNull();
        assertThat(round.hasUncarved()).isFalse();

        round.settle(probe, BROKEN, clock.nowMs());
        assertThat(round.next(clock.nowMs())).as("after a probe that failed").isNull();
        round.end(clock.nowMs());
        assertThat(breaker.maySend(clock.nowMs() + 999)).isFalse();
    }

    @Test
    void whatComesWhileAProbeIsInTheAirLeavesInTheSameRound() {
        offer(counts(1));
        play(BROKEN);
        play(BROKEN);
        clock.advanceMs(Breaker.FIRST_WINDOW_MS);
        round.begin(clock.nowMs());
        Parcel<?> probe = next();
        offer(new Batches().sketch("d", bucketS(), 4));
        round.settle(probe, WELL, clock.nowMs());
        drain(WELL);

        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void severalParcelsOfDifferentKindsAreInTheAir() {
        offer(counts(2).sketch("d", bucketS(), 4).check("c").event("e"));
        round.begin(clock.nowMs());
        List<Parcel<?>> air = List.of(next(), next(), next());
        assertThat(air).extracting(Parcel::label).containsExactly("series", "sketches", "checks");
        assertThat(round.hasUncarved()).isTrue();

        round.settle(air.get(1), BROKEN, clock.nowMs());
        round.settle(air.get(2), WELL, clock.nowMs());
        round.settle(air.get(0), WELL, clock.nowMs());
        drain(WELL);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(outbox.heldSamples()).as("the sketch").isEqualTo(4);
    }

    @Test
    void anOutcomeThatComesTwiceCountsOnce() {
        offer(counts(2));
        round.begin(clock.nowMs());
        Parcel<?> parcel = next();
        round.settle(parcel, WELL, clock.nowMs());
        parcel.delivered();
        parcel.ambiguous();
        round.end(clock.nowMs());

        assertThat(outbox.isIdle()).isTrue();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(2);
    }

    @Test
    void aKeyThatWasRenewedIsTriedAtOnce() {
        keys.fresh = true;
        offer(counts(2));
        round.begin(clock.nowMs());
        Parcel<?> parcel = next();
        assertThat(round.settle(parcel, FORBIDDEN, clock.nowMs()))
                .as("once more")
                .isTrue();
        assertThat(round.settle(parcel, WELL, clock.nowMs())).isFalse();
        drain(WELL);

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(2);
        assertThat(breaker.isOpen(clock.nowMs())).isFalse();
    }

    @Test
    void aRenewedKeyThatIsRefusedTooOpensTheBreaker() {
        keys.fresh = true;
        offer(counts(2));
        round.begin(clock.nowMs());
        Parcel<?> parcel = next();
        assertThat(round.settle(parcel, FORBIDDEN, clock.nowMs())).isTrue();
        assertThat(round.settle(parcel, FORBIDDEN, clock.nowMs())).isFalse();
        drain(WELL);

        assertThat(breaker.isOpen(clock.nowMs())).isTrue();
        assertThat(outbox.heldSamples()).isEqualTo(2);
    }

    @Test
    void theLastRoundSendsWhateverTheBreakerSays() {
        offer(counts(300));
        breaker.forbidden(clock.nowMs());
        breaker.pause(clock.nowMs(), 300_000);
        play(WELL);
        assertThat(sent).isEmpty();
        round.hurry();
        round.beginLast(Deadline.after(clock.nowNs(), 2_000));
        drain(WELL);

        assertThat(sent).containsExactly(300);
    }

    @Test
    void whatIsInTheAirAtTheEndRemains() {
        offer(counts(2).sketch("d", bucketS(), 4).event("e"));
        round.begin(clock.nowMs());
        Parcel<?> series = next();
        Parcel<?> sketches = next();
        offer(new Batches().count("new", bucketS() + 10, 5));
        List<Remains<?>> remains = outbox.takeRemains();

        assertThat(remains).extracting(Remains::label).containsExactly("series", "sketches", "checks", "events");
        assertThat(remains).extracting(Remains::items).containsExactly(3, 1, 0, 1);
        Payload newest = remains.get(0).encode(new PayloadSerializer(false), 1);
        assertThat(new String(newest.body(), StandardCharsets.ISO_8859_1)).contains("new");
        remains.get(0).leave(1, Counter.LOST_DEAD_LETTERED);
        remains.get(0).skip(2);
        remains.get(1).leave(1, Counter.LOST_DEAD_LETTERED);
        round.settle(series, WELL, clock.nowMs());
        round.settle(sketches, WELL, clock.nowMs());
        outbox.close();
        assertThat(counters.value(Counter.LOST_DEAD_LETTERED)).isEqualTo(9);
        assertThat(counters.value(Counter.LOST_SHUTDOWN))
                .as("two counts and the event")
                .isEqualTo(3);
        assertThat(counters.value(Counter.DELIVERED)).as("too late").isZero();
    }

    private Batches counts(int count) {
        Batches batches = new Batches();
        for (int i = 0; i < count; i++) {
            batches.count("m" + i, bucketS(), 1);
        }
        return batches;
    }

    private long bucketS() {
        return clock.nowMs() / 1_000 - 60;
    }

    private void offer(Batches batches) {
        MetricBatch batch = batches.build();
        received += batch.newSamples();
        outbox.offer(batch, clock.nowMs());
    }

    private Parcel<?> next() {
        return Objects.requireNonNull(round.next(clock.nowMs()), "there is nothing to send");
    }

    /** A round whose exchanges all end like this. */
    private void play(DeliveryResult result) {
        if (round.begin(clock.nowMs())) {
            drain(result);
        }
    }

    private void drain(DeliveryResult result) {
        for (Parcel<?> p = round.next(clock.nowMs()); p != null; p = round.next(clock.nowMs())) {
            sent.add(p.items());
            assertThat(round.settle(p, result, clock.nowMs())).isFalse();
        }
        round.end(clock.nowMs());
    }

    private Round round() {
        Endpoint endpoint = new Endpoint("http://127.0.0.1:1", keys, Ambiguous.RESEND);
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        Complaints complaints = new Complaints(endpoint.url(), instruments.log(), clock);
        return new Round(
                outbox, new PayloadSerializer(true), endpoint, new Round.Watch(instruments, complaints, breaker));
    }

    private static final class Keys implements ApiKeySource {
        private boolean fresh;

        @Override
        public String key() {
            return "key";
        }

        @Override
        public boolean canChange() {
            return true;
        }

        @Override
        public boolean refresh(long nowMs) {
            boolean was = fresh;
            fresh = false;
            return was;
        }
    }
}
