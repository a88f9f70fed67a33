package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testing.ManualClock;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounds run by hand against the test server: what each answer does to what waits. The ledger balances after each. */
class RoundTest {
    private static final String SERIES = "/api/v2/series";
    private static final String SKETCHES = "/api/beta/sketches";

    private final TestServer server = TestServer.newTestServer();
    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters();
    private final Breaker breaker = new Breaker(new Random(1));
    private Outbox outbox = new Outbox(counters, Ambiguous.RESEND, 16 << 20);
    private Round round;
    private Lane lane;
    private long received;

    RoundTest() {
        play(ApiKeySource.plain("key"));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void deliversEachKindWithItsHeaders() {
        offer(closed().count("a", bucketS(), 3)
                .sketch("d", bucketS(), 4)
                .event("e")
                .check("c"));
        runRound();

        assertThat(server.accepted()).isEqualTo(4);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(9);
        assertThat(counters.value(Counter.PAYLOADS_SENT)).isEqualTo(4);
        var series = server.payloads().get(0);
        assertThat(series.path()).isEqualTo(SERIES);
        assertThat(series.header("Dd-Api-Key")).isEqualTo("key");
        assertThat(series.header("Content-Type")).isEqualTo("application/x-protobuf");
        assertThat(series.header("Dd-Agent-Payload")).isNotEmpty();
        assertThat(series.header("User-Agent")).startsWith("dogsled/");
        assertThat(server.payloads().get(3).header("Content-Type")).isEqualTo("application/json");
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void whatIsAnsweredWith503IsKeptAndTheNextKindIsTried() {
        server.play(Scenario.onRoute(SERIES).status(503).times(1));
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(outbox.heldSamples()).isEqualTo(3);
        assertThat(server.total()).as("no second attempt in one round").isEqualTo(2);

        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 404, 408, 429, 500, 504})
    void otherAnswersAreRetriedToo(int status) {
        server.play(Scenario.everywhere().status(status).times(1));
        offer(closed().count("a", bucketS(), 3));
        runRound();
        assertThat(outbox.heldSamples()).isEqualTo(3);

        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(3);
    }

    @Test
    void whatIsAnsweredWith400IsLostAndTheNextPayloadIsSent() {
        server.play(Scenario.onRoute(SERIES).status(400).times(1));
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(3);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void whatIsAnsweredWith400InAnOpenBucketIsMadeGoodByTheNextValue() {
        server.play(Scenario.onRoute(SERIES).status(400).times(1));
        Receipt receipt = new Receipt();
        long openS = clock.nowMs() / 1_000;
        offer(new Batches().count("a", openS, receipt, 3, 3));
        runRound();
        assertThat(outbox.heldSamples()).isEqualTo(3);
        offer(new Batches().count("a", openS, receipt, 5, 2));
        runRound();
        clock.advanceMs(60_000);
        offer(new Batches());

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(server.intake().countTotal("a")).isEqualTo(5);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
    }

    @Test
    void aValueThatNoPayloadCanHoldIsLostAndTheOthersAreSent() {
        Random random = new Random(1);
        StringBuilder name = new StringBuilder();
        while (name.length() < 1_200_000) {
            name.append((char) ('0' + random.nextInt(64)));
        }
        offer(closed().count(name.toString(), bucketS(), 3).count("small", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.LOST_TOO_LARGE)).isEqualTo(3);
        assertThat(server.intake().countTotal("small")).isEqualTo(4);
    }

    @Test
    void theLastRoundSendsTheNewestBucketFirst() {
        server.play(Scenario.onRoute(SERIES).status(413).times(1));
        offer(closed().count("old", bucketS(), 1).count("new", bucketS() + 10, 1));
        runLast(8_000);

        assertThat(server.payloads()).hasSize(2);
        assertThat(server.payloads().get(0).decoded().toString()).contains("new");
    }

    @Test
    void aPayloadThatIsTooLargeIsHalvedUntilItFits() {
        server.play(Scenario.onRoute(SERIES).status(413).times(2));
        Batches batches = closed();
        for (int i = 0; i < 8; i++) {
            batches.count("m" + i, bucketS(), 1);
        }
        offer(batches);
        runRound();

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(8);
        assertThat(server.total()).as("8 and 4 refused, then 4 times 2").isEqualTo(6);
    }

    @Test
    void anIntakeThatFindsEverythingTooLargeIsLeftAloneAfterAFew() {
        server.play(Scenario.onRoute(SERIES).status(413));
        Batches batches = closed();
        for (int i = 0; i < 1_024; i++) {
            batches.count("m" + i, bucketS(), 1);
        }
        offer(batches);
        runRound();

        assertThat(server.total()).as("ten halvings, then eight single values").isEqualTo(10 + 8);
        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(8);
        assertThat(outbox.heldSamples()).isEqualTo(1_016);
        runRound();
        assertThat(breaker.mustProbe()).isTrue();
    }

    @Test
    void theLanesOfOneRoundMeetOneRefusalOfTheKey() {
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        long nowMs = clock.nowMs();
        round.begin(nowMs);
        DeliveryResult no = new DeliveryResult.Refused(403, "answered 403");
        Parcel<?> first = Objects.requireNonNull(round.next(nowMs));
        round.settle(Objects.requireNonNull(round.next(nowMs)), no, nowMs);
        round.settle(first, no, nowMs);
        assertThat(breaker.maySend(nowMs + Breaker.FIRST_FORBIDDEN_MS)).isTrue();
    }

    @Test
    void aSingleValueThatIsTooLargeIsLost() {
        server.play(Scenario.onRoute(SERIES).status(413));
        offer(closed().count("a", bucketS(), 3).count("b", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.LOST_REFUSED)).isEqualTo(7);
    }

    @Test
    void aRefusedKeyLosesOnePayloadAndThenPauses() {
        server.play(Scenario.everywhere().status(403).times(1));
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();
        assertThat(counters.value(Counter.LOST_FORBIDDEN)).isEqualTo(3);
        runRound();
        assertThat(server.total()).as("requests within the pause").isEqualTo(1);

        clock.advanceMs(10_000);
        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
    }

    @Test
    void aRefusedKeyThatCanChangeLosesNothing() {
        play(new ApiKeySource() {
            @Override
            public String key() {
                return "secret";
            }

            @Override
            public boolean canChange() {
                return true;
            }

            @Override
            public boolean refresh(long nowMs) {
                return false;
            }
        });
        server.play(Scenario.everywhere().status(403).times(1));
        offer(closed().count("a", bucketS(), 3));
        runRound();
        assertThat(outbox.heldSamples()).isEqualTo(3);

        clock.advanceMs(10_000);
        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(3);
    }

    @Test
    void retryAfterIsRespectedButNotAtTheEnd() {
        server.play(Scenario.everywhere().status(429).retryAfter("5").times(1));
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();
        clock.advanceMs(4_999);
        runRound();
        assertThat(server.total()).isEqualTo(1);
        assertThat(outbox.heldSamples()).isEqualTo(7);

        runLast(2_000);
        assertBalance();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
    }

    @Test
    void anEndpointThatRefusesConnectionsCostsNothingButTime() {
        server.refuseConnections();
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();
        assertThat(outbox.heldSamples()).isEqualTo(7);
        assertThat(counters.value(Counter.PAYLOADS_FAILED))
                .as("the round ends at the first")
                .isEqualTo(1);

        server.acceptConnections();
        runRound();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
    }

    @Test
    void aUsedConnectionThatEndsWithoutAnAnswerIsReplacedAtOnce() {
        offer(closed().count("warm", bucketS(), 1));
        runRound();
        server.play(Scenario.onRoute(SKETCHES).cut(Cut.BEFORE_ANSWER).times(1));
        offer(closed().sketch("d", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(server.connections()).isEqualTo(2);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED))
                .as("it was written twice, and only the peer knows whether it was read twice")
                .isEqualTo(4);
    }

    @Test
    void anIntakeThatClosedTheIdleConnectionCostsNoPayload() {
        offer(closed().count("warm", bucketS(), 1));
        runRound();
        server.closeIdleConnections();
        clock.advanceMs(30_000);
        offer(closed().sketch("d", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(server.total()).isEqualTo(2);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
    }

    @Test
    void aLostAnswerIsRepeatedAndNamed() {
        server.play(Scenario.everywhere().cut(Cut.LOSE_ANSWER).times(1));
        offer(closed().sketch("d", bucketS(), 4));
        runRound();
        assertThat(outbox.heldSamples()).isEqualTo(4);

        runRound();
        assertThat(server.accepted()).isEqualTo(2);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isEqualTo(4);
    }

    @Test
    void aLostAnswerIsALossWhereSketchesMustNotRepeat() {
        outbox = new Outbox(counters, Ambiguous.DROP, 16 << 20);
        play(ApiKeySource.plain("key"));
        server.play(Scenario.everywhere().cut(Cut.LOSE_ANSWER).times(2));
        offer(closed().count("a", bucketS(), 3).sketch("d", bucketS(), 4));
        runRound();
        assertThat(outbox.heldSamples()).as("the round ended with the series").isEqualTo(7);
        server.clearScenarios();
        server.play(Scenario.onRoute(SKETCHES).cut(Cut.LOSE_ANSWER).closeConnection());
        runRound();

        assertThat(counters.value(Counter.DELIVERED)).as("the series").isEqualTo(3);
        assertThat(counters.value(Counter.LOST_AMBIGUOUS)).as("the sketch").isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AFTER_HEADERS", "MID_BODY"})
    void anAnswerWhoseHeadIsCompleteIsAnAnswer(Cut cut) {
        server.play(Scenario.everywhere().cut(cut).times(1));
        offer(closed().sketch("d", bucketS(), 4));
        runRound();

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
    }

    @Test
    void theLastRoundTriesEveryKindEvenIfTheFirstHangs() {
        server.play(Scenario.onRoute(SERIES).cut(Cut.BLACK_HOLE));
        offer(closed().count("a", bucketS(), 3)
                .sketch("d", bucketS(), 4)
                .event("e")
                .check("c"));
        runLast(1_200);
        assertBalance();

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(6);
        assertThat(outbox.heldSamples()).isEqualTo(3);
    }

    private Batches closed() {
        return new Batches();
    }

    /** A bucket that is closed. */
    private long bucketS() {
        return clock.nowMs() / 1_000 - 60;
    }

    private void offer(Batches batches) {
        MetricBatch batch = batches.build();
        received += batch.newSamples();
        outbox.offer(batch, clock.nowMs());
    }

    private void runRound() {
        if (round.begin(clock.nowMs())) {
            lane.run();
            round.end(clock.nowMs());
        }
        assertBalance();
    }

    private void runLast(long ms) {
        round.hurry();
        round.beginLast(Deadline.after(clock.nowNs(), ms));
        lane.run();
        round.end(clock.nowMs());
    }

    private void assertBalance() {
        assertThat(counters.value(Counter.DELIVERED) + outbox.heldSamples() + counters.sum(Counter.Kind.LOST))
                .as("delivered + held + lost")
                .isEqualTo(received);
    }

    private void play(ApiKeySource keys) {
        Endpoint endpoint = new Endpoint(server.url(), keys, Ambiguous.RESEND);
        Log log = new Log(Log.Level.OFF);
        Complaints complaints = new Complaints(endpoint.url(), log, clock);
        Instruments instruments = new Instruments(clock, counters, log);
        round = new Round(
                outbox, new PayloadSerializer(true), endpoint, new Round.Watch(instruments, complaints, breaker));
        lane = new Lane(round, new Courier(endpoint, clock), instruments, new AnswerTime());
    }
}
