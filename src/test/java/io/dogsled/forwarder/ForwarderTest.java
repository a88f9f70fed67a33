package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The thread and who waits for it: budgets, parked exchanges, the end. */
class ForwarderTest {
    private final TestServer server = TestServer.newTestServer();
    private final Clock clock = Clock.system();
    private final Counters counters = new Counters();
    private final long bucketS = clock.nowMs() / 1_000 - 60;
    private Forwarder forwarder = forwarder("key");
    private long received;

    @AfterEach
    void close() {
        forwarder.shutdown(in(0));
        server.close();
    }

    @Test
    void deliversWhatWasOffered() {
        forwarder.start();
        offer(new Batches()
                .count("a", bucketS, 3)
                .sketch("d", bucketS, 4)
                .event("e")
                .check("c"));

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(9);
        assertThat(server.accepted()).isEqualTo(4);
        assertBalance();
    }

    @Test
    void leavesTheNetworkAloneWhenNothingWaits() {
        forwarder.start();
        offer(new Batches());

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.IDLE);
        assertThat(server.connections()).isZero();
    }

    @Test
    void saysWhenSomethingIsKept() {
        forwarder.start();
        server.play(Scenario.everywhere().status(503).times(1));
        offer(new Batches().count("a", bucketS, 3));

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.KEPT);
        assertThat(forwarder.hasPending()).isTrue();
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertBalance();
    }

    @Test
    void aBlackHoleCostsTheBudgetAndNoMore() {
        forwarder.start();
        server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE));
        offer(new Batches().count("a", bucketS, 3));
        long startNs = clock.nowNs();

        assertThat(forwarder.deliver(in(100))).isEqualTo(Progress.PARKED);
        assertThat(clock.nowNs() - startNs).isLessThan(Duration.ofSeconds(1).toNanos());
        assertThat(forwarder.heldSamples()).isEqualTo(3);
    }

    @Test
    void aParkedExchangeIsSettledOnceWhenItsAnswerComes() {
        forwarder.start();
        server.latency(Duration.ofSeconds(1));
        Receipt receipt = new Receipt();
        offer(new Batches().count("a", bucketS, receipt, 3, 3).sketch("d", bucketS, 4));
        assertThat(forwarder.deliver(in(20))).isEqualTo(Progress.PARKED);
        await().until(() -> server.total() == 1); // what waits to be written would be superseded
        offer(new Batches().count("a", bucketS, receipt, 5, 2).sketch("d", bucketS, 6));

        assertThat(forwarder.deliver(in(9_000))).isEqualTo(Progress.SETTLED);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(15);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
        assertThat(counters.value(Counter.SUPERSEDED)).isZero();
        assertBalance();
    }

    @Test
    void withoutAKeyNothingIsSentAndNothingIsLostUntilTheEnd() {
        forwarder = forwarder("");
        forwarder.start();
        offer(new Batches().count("a", bucketS, 3));
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.WITHHELD);
        assertThat(forwarder.heldSamples()).isEqualTo(3);

        forwarder.shutdown(in(8_000));
        assertThat(server.connections()).isZero();
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(3);
        assertBalance();
    }

    @Test
    void shutdownDeliversWhatWaits() {
        forwarder.start();
        offer(new Batches().count("a", bucketS, 3).sketch("d", bucketS, 4));
        forwarder.shutdown(in(8_000));

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
    }

    @Test
    void shutdownReturnsBeforeItsDeadlineWhateverTheIntakeDoes() {
        forwarder.start();
        server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE));
        offer(new Batches().count("a", bucketS, 3));
        forwarder.deliver(in(10));
        offer(new Batches().sketch("d", bucketS, 4));
        long startNs = clock.nowNs();
        forwarder.shutdown(in(500));

        assertThat(clock.nowNs() - startNs).isLessThan(Duration.ofMillis(1_500).toNanos());
        assertThat(forwarder.heldSamples()).isZero();
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(7);
        assertThat(server.total()).as("the parked request, and a new attempt").isGreaterThan(1);
        assertBalance();
    }

    @Test
    void shutdownGivesUpAParkedExchangeInTimeToTryAgain() {
        forwarder.start();
        server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE).times(1));
        offer(new Batches().count("a", bucketS, 3).sketch("d", bucketS, 4));
        assertThat(forwarder.deliver(in(50))).isEqualTo(Progress.PARKED);
        forwarder.shutdown(in(2_000));

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
        assertBalance();
    }

    @Test
    void shutdownWaitsForAParkedExchangeThatIsAnswered() {
        forwarder.start();
        server.latency(Duration.ofMillis(300));
        offer(new Batches().sketch("d", bucketS, 4));
        assertThat(forwarder.deliver(in(20))).isEqualTo(Progress.PARKED);
        forwarder.shutdown(in(8_000));

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
        assertThat(server.total()).isEqualTo(1);
    }

    @Test
    void shutdownTriesEvenIfTheIntakeAskedToBeLeftAlone() {
        forwarder.start();
        server.play(Scenario.everywhere().status(429).retryAfter("60").times(1));
        offer(new Batches().count("a", bucketS, 3));
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.KEPT);
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.WITHHELD);
        forwarder.shutdown(in(8_000));

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(3);
    }

    @Test
    void withoutItsThreadNothingIsSentAndNobodyWaits() {
        offer(new Batches().count("a", bucketS, 3));

        assertThat(forwarder.deliver(in(600_000))).isEqualTo(Progress.WITHHELD);
        forwarder.shutdown(in(600_000));
        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(3);
    }

    @Test
    void whatComesAfterTheEndIsLostByName() {
        forwarder.start();
        forwarder.shutdown(in(8_000));
        offer(new Batches().count("a", bucketS, 3));

        assertThat(counters.value(Counter.LOST_SHUTDOWN)).isEqualTo(3);
        assertBalance();
    }

    private void offer(Batches batches) {
        MetricBatch batch = batches.build();
        received += batch.newSamples();
        forwarder.offer(batch);
    }

    private void assertBalance() {
        assertThat(counters.value(Counter.DELIVERED) + forwarder.heldSamples() + counters.sum(Counter.Kind.LOST))
                .as("delivered + held + lost")
                .isEqualTo(received);
    }

    private Deadline in(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }

    private Forwarder forwarder(String key) {
        Endpoint endpoint = new Endpoint(server.url(), ApiKeySource.plain(key), Ambiguous.RESEND);
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        return new Forwarder(endpoint, new PayloadSerializer(true), instruments);
    }
}
