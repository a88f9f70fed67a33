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
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several exchanges at once, an open breaker, and exchanges that are parked across a freeze: with threads and sockets. */
@Timeout(60)
class LanesTest {
    private static final String SERIES = "/api/v2/series";

    private final TestServer server = TestServer.newTestServer();
    private final AtomicLong frozenMs = new AtomicLong();
    private final Clock clock = new FreezingClock();
    private final Counters counters = new Counters();
    private final long bucketS = clock.nowMs() / 1_000 - 60;
    private final Forwarder forwarder = forwarder();
    private long received;

    @AfterEach
    void close() {
        forwarder.shutdown(in(0));
        server.close();
    }

    @Test
    void aSlowIntakeGetsTheKindsSideBySide() {
        warmUp();
        server.latency(Duration.ofMillis(200));
        offer(new Batches().count("a", bucketS, 3).sketch("d", bucketS, 4));

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertThat(server.peak()).as("at the same time").isEqualTo(2);
        assertBalance();
    }

    @Test
    void noMoreThanThreeAtOnceWhileTheSandboxLives() {
        warmUp();
        server.latency(Duration.ofMillis(500));
        offer(allKinds());

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertThat(server.peak()).isEqualTo(3);
        await().until(() -> lanesAlive() == 0);
    }

    @Test
    void onePayloadNeedsOneConnection() {
        warmUp();
        server.latency(Duration.ofMillis(200));
        offer(new Batches().count("a", bucketS, 3));

        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void withNobodyWaitingThereIsOneLane() {
        server.latency(Duration.ofMillis(100));
        offer(allKinds());
        forwarder.begin();
        await().until(() -> !forwarder.hasPending());

        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.peak()).isEqualTo(1);
        assertBalance();
    }

    @Test
    void oneKindOfManyPayloadsIsSpreadAndHalvedTogether() {
        server.latency(Duration.ofMillis(150));
        server.play(Scenario.onRoute(SERIES)
                .latency(Duration.ofMillis(150))
                .status(413)
                .times(2));
        Batches batches = new Batches();
        Random random = new Random(5);
        for (int i = 0; i < 6_000; i++) {
            StringBuilder name = new StringBuilder("m").append(i).append('.');
            for (int c = 0; c < 200; c++) {
                name.append((char) ('a' + random.nextInt(26)));
            }
            batches.count(name.toString(), bucketS, 1);
        }
        offer(batches);

        assertThat(forwarder.deliver(in(30_000))).isEqualTo(Progress.SETTLED);
        assertThat(server.peak()).isGreaterThan(1);
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(6_000);
        assertThat(counters.value(Counter.PAYLOADS_FAILED)).isEqualTo(2);
        assertBalance();
    }

    /** A second at each answer in two seconds, with room for a busy machine: no lane has the time for a second exchange. */
    @Test
    void anAnswerThatTakesMoreThanHalfOfShutdownLosesNoKind() {
        server.latency(Duration.ofSeconds(3));
        offer(allKinds());
        forwarder.shutdown(in(5_500));

        assertThat(server.peak()).isEqualTo(4);
        assertThat(counters.sum(Counter.Kind.LOST)).isZero();
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(received);
    }

    @Test
    void nobodyWaitsForAnEndpointThatWasLateTwice() {
        server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE));
        offer(allKinds());
        assertThat(forwarder.deliver(in(30))).isEqualTo(Progress.PARKED);
        assertThat(forwarder.isOpen()).isFalse();
        assertThat(forwarder.deliver(in(30))).isEqualTo(Progress.PARKED);
        assertThat(forwarder.isOpen()).isTrue();
        long startNs = clock.nowNs();

        for (int i = 0; i < 100; i++) {
            assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.WITHHELD);
        }
        assertThat(clock.nowNs() - startNs).isLessThan(Duration.ofMillis(500).toNanos());
        assertBalance();
    }

    @Test
    void whoIsInAHurryOnPurposeHoldsNothingAgainstTheEndpoint() {
        server.latency(Duration.ofMillis(300));
        for (int i = 0; i < 3; i++) {
            offer(new Batches().count("a" + i, bucketS, 3));
            forwarder.send(in(5));
        }

        assertThat(forwarder.isOpen()).isFalse();
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
    }

    @Test
    void anEndpointThatAnswersLateGetsEverythingAllTheTime() {
        server.latency(Duration.ofMillis(200));
        for (int i = 0; i < 3; i++) {
            offer(new Batches().count("a" + i, bucketS, 3));
            forwarder.deliver(in(20));
        }
        assertThat(forwarder.isOpen()).isTrue();

        await().until(() -> !forwarder.hasPending());
        assertThat(server.failed() + server.aborted()).isZero();
        server.latency(Duration.ZERO);
        await().until(() -> !forwarder.isOpen()); // the window for waiting
        offer(new Batches().count("b", bucketS, 3));
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertBalance();
    }

    @Test
    void anEndpointThatRefusedIsFoundWellByOneProbeAndGetsEverything() {
        server.play(Scenario.everywhere().status(503).times(3));
        Batches many = new Batches();
        for (int i = 0; i < 500; i++) {
            many.count("m" + i, bucketS, 1);
        }
        offer(many);
        forwarder.deliver(in(8_000));
        forwarder.deliver(in(8_000));
        assertThat(forwarder.isOpen()).isTrue();
        await().until(() -> {
            forwarder.begin();
            return !forwarder.hasPending();
        });

        assertThat(server.total())
                .as("two flushes, a probe, another, everything")
                .isEqualTo(5);
        assertThat(server.intake().countTotal("m499")).isEqualTo(1);
        assertThat(forwarder.isOpen()).isFalse();
        assertBalance();
    }

    @Test
    void anExchangeThatIsParkedAcrossAFreezeIsGivenUpAndRepeated() {
        server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE).times(1));
        offer(new Batches().count("a", bucketS, 3).sketch("d", bucketS, 4));
        assertThat(forwarder.deliver(in(20))).isEqualTo(Progress.PARKED);
        await().until(() -> server.total() == 1);
        frozenMs.addAndGet(60_000);
        await().until(() -> {
            forwarder.begin();
            return !forwarder.hasPending();
        });

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(7);
        assertBalance();
    }

    @Test
    void anAnswerThatComesAfterAFreezeIsRead() {
        server.latency(Duration.ofMillis(700));
        offer(new Batches().sketch("d", bucketS, 4));
        assertThat(forwarder.deliver(in(20))).isEqualTo(Progress.PARKED);
        frozenMs.addAndGet(60_000);
        forwarder.begin();
        await().until(() -> !forwarder.hasPending());

        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(4);
        assertThat(counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
        assertThat(server.total()).isEqualTo(1);
    }

    @Test
    void aConnectionIsOpenedAhead() {
        forwarder.prepare();
        await().until(() -> server.connections() == 1);
        forwarder.prepare();
        offer(new Batches().count("a", bucketS, 3));
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);

        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.total()).isEqualTo(1);
    }

    @Test
    void knowsHowLongAnAnswerTakes() {
        assertThat(forwarder.answerMs()).isEqualTo(-1);
        warmUp();
        server.latency(Duration.ofMillis(100));
        offer(new Batches().count("a", bucketS, 3));
        forwarder.deliver(in(8_000));

        assertThat(forwarder.answerMs()).isBetween(100L, 5_000L);
    }

    private void warmUp() {
        offer(new Batches().count("warm", bucketS, 1));
        assertThat(forwarder.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
    }

    private Batches allKinds() {
        return new Batches()
                .count("a", bucketS, 3)
                .sketch("d", bucketS, 4)
                .event("e")
                .check("c");
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

    /** Further lanes of all forwarders; other tests may run beside this one, so it falls to 0 sooner or later. */
    private static long lanesAlive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("forwarder-"))
                .count();
    }

    private Forwarder forwarder() {
        Endpoint endpoint = new Endpoint(server.url(), ApiKeySource.plain("key"), Ambiguous.RESEND);
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        Forwarder started = new Forwarder(endpoint, new PayloadSerializer(true), instruments);
        started.start();
        return started;
    }

    /** The wall clock goes on in a freeze, the monotonic one does not. */
    private final class FreezingClock extends Clock {
        private final Clock system = Clock.system();

        @Override
        public long nowMs() {
            return system.nowMs() + frozenMs.get();
        }

        @Override
        public long nowNs() {
            return system.nowNs();
        }
    }
}
