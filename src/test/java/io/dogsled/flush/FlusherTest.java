package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the datagram to the decoded view of the intake. The ledger balances after every flush. */
class FlusherTest {
    private final TestServer intake = TestServer.newTestServer();
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        engine = new Engine(intake.url());
    }

    @AfterEach
    void stop() {
        engine.close();
        intake.close();
    }

    @Test
    void aFlushDeliversEverythingThatWasSentBeforeIt() throws Exception {
        engine.send("orders:2|c\norders:3|c|#a:b\nload:7|g\nsize:1:2:3|d\nusers:u1|s\n_sc|up|0");
        engine.send("_e{5,4}:title|text");
        FlushReport report = engine.flush(8_000);

        assertThat(report.drained()).isTrue();
        assertThat(report.newSamples()).isEqualTo(9);
        assertThat(report.progress()).as(report.line()).isEqualTo(Progress.SETTLED);
        IntakeView view = intake.intake();
        assertThat(view.problems()).isEmpty();
        assertThat(view.countTotal("orders")).isEqualTo(2);
        assertThat(view.countTotal("orders", "a:b")).isEqualTo(3);
        assertThat(view.lastGauge("load")).isEqualTo(7);
        assertThat(view.sketchTotal("size").cnt()).isEqualTo(3);
        assertThat(view.events()).hasSize(1);
        assertThat(view.checks()).hasSize(1);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(9);
    }

    @Test
    void anOpenBucketFlushedOftenArrivesExactly() throws Exception {
        for (int i = 0; i < 20; i++) {
            engine.send("orders:1|c\nsize:5|d");
            engine.flush(8_000);
        }

        assertThat(intake.intake().countTotal("orders")).isEqualTo(20);
        assertThat(intake.intake().sketchTotal("size").cnt()).isEqualTo(20);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(40);
        assertThat(engine.ledger.held()).isZero();
    }

    @Test
    void anInvocationWithoutDataCostsNoRequest() {
        assertThat(engine.flusher.hasUnflushed()).isFalse();
        assertThat(engine.flush(8_000).progress()).isEqualTo(Progress.IDLE);

        assertThat(intake.connections()).isZero();
    }

    @Test
    void nothingIsLostWhileTheIntakeFailsAndEachValueArrivesOnce() throws Exception {
        intake.play(Scenario.everywhere().status(503).times(5));
        for (int i = 0; i < 10; i++) {
            engine.send("orders:1|c\nsize:5|d\nload:" + i + "|g");
            engine.flush(8_000);
        }
        await().until(() -> {
            engine.flush(8_000); // two flushes failed, so the rest is found well by a probe
            return engine.ledger.held() == 0;
        });

        assertThat(intake.intake().countTotal("orders")).isEqualTo(10);
        assertThat(intake.intake().sketchTotal("size").cnt()).isEqualTo(10);
        assertThat(intake.intake().lastGauge("load")).isEqualTo(9);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(30);
        assertThat(engine.counters.sum(Counter.Kind.LOST)).isZero();
    }

    @Test
    void aSlowIntakeCostsTheBudgetAndGetsEverythingInTheEnd() throws Exception {
        intake.latency(Duration.ofMillis(150));
        for (int i = 0; i < 5; i++) {
            engine.send("orders:1|c\nsize:5|d");
            engine.flush(20);
        }
        engine.flusher.shutdown(engine.in(8_000));
        engine.assertBalance();

        assertThat(intake.intake().countTotal("orders")).isEqualTo(5);
        assertThat(intake.intake().sketchTotal("size").cnt()).isEqualTo(5);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(10);
        assertThat(engine.counters.value(Counter.POSSIBLY_DUPLICATED)).isZero();
    }

    @Test
    void anIntakeThatHangsCostsTheBudgetTheDataIsHeldAndTheEndNamesIt() throws Exception {
        intake.play(Scenario.everywhere().cut(Cut.BLACK_HOLE));
        for (int i = 0; i < 3; i++) {
            engine.send("orders:1|c");
            FlushReport report = engine.flush(300);
            assertThat(report.progress())
                    .as("the third finds the breaker open")
                    .isEqualTo(i < 2 ? Progress.PARKED : Progress.WITHHELD);
            assertThat(report.tookMs())
                    .as("the budget, with room for a busy machine")
                    .isLessThan(1_000);
        }
        assertThat(engine.ledger.held()).isEqualTo(3);
        engine.flusher.shutdown(engine.in(300));
        engine.assertBalance();

        assertThat(engine.ledger.line()).contains("\"held\":0").contains("\"lost\":{\"shutdown\":3}");
    }

    @Test
    void whatComesAfterTheLastFlushIsNamed() throws Exception {
        engine.send("orders:1|c");
        engine.flusher.shutdown(engine.in(8_000));
        engine.send("late:1|c\n\nlater:2:3|g\n");
        while (engine.counters.value(Counter.RECEIVED) < 3) {
            Thread.onSpinWait();
        }

        assertThat(engine.ledger.line()).contains("\"held\":0").contains("\"lost\":{\"shutdown\":2}");
        engine.assertBalance();
        assertThat(intake.intake().countTotal("orders")).isEqualTo(1);
    }

    /** A mapper that takes long for every name: far more than fits into the time of a SHUTDOWN. */
    @Test
    void whatABusyParserHasNoTimeForIsNamedToo() throws Exception {
        int datagrams = 2_000;
        try (Engine busy = new Engine(
                intake.url(),
                "DD_DOGSTATSD_MAPPER_PROFILES",
                "[{\"name\":\"p\",\"prefix\":\"ev.\",\"mappings\":[{\"match\":\"ev\\\\.(x+x+)+y\",\"match_type\":\"regex\",\"name\":\"m\"}]}]")) {
            for (int i = 0; i < datagrams; i++) {
                busy.send("ev.xxxxxxxxxx" + i + ":1|c");
            }
            busy.flusher.shutdown(busy.in(200));

            assertThat(busy.ledger.line()).contains("\"held\":0");
            busy.assertBalance();
            assertThat(busy.counters.value(Counter.RECEIVED) + busy.counters.value(Counter.KERNEL_DROPPED))
                    .isEqualTo(datagrams);
        }
    }

    /** Without them, two functions past their limits would replace each other's values at the intake. */
    @Test
    void overflowSeriesHaveTheTagsThatEverythingGets() throws Exception {
        try (Engine small =
                new Engine(intake.url(), "DD_DOGSLED_CONTEXT_LIMIT", "10", "DD_SERVICE", "shop", "DD_TAGS", "team:a")) {
            for (int i = 0; i < 100; i++) {
                small.send("orders:1|c|#id:" + i);
            }
            small.flush(8_000);
        }

        assertThat(intake.intake().countTotal("orders", "id:0", "service:shop", "team:a"))
                .isEqualTo(1);
        assertThat(intake.intake().countTotal("orders", "dogsled_overflow:true", "service:shop", "team:a"))
                .isEqualTo(90);
    }

    @Test
    void flushesWithoutASocketToDrain() throws Exception {
        Flusher flusher = new Flusher(
                null,
                engine.aggregator,
                engine.forwarders,
                new Instruments(Clock.system(), engine.counters, new Log(Log.Level.OFF)));

        assertThat(flusher.flush(engine.in(8_000)).drained()).isTrue();
    }
}
