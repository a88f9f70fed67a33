package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arrives at the intake, and that the ledger does not know of it. The ledger balances after every flush. */
class SelfMetricsTest {
    private static final String PREFIX = "datadog.dogsled.";

    private final TestServer intake = TestServer.newTestServer();
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        engine = new Engine(intake.url(), "DD_TAGS", "env:test", "DD_STATSD_METRIC_BLOCKLIST", "secret");
        engine.flusher.report(new SelfMetrics(engine.config, engine.counters, engine.aggregator));
    }

    @AfterEach
    void stop() {
        engine.close();
        intake.close();
    }

    @Test
    void countsAddUpExactlyOverManyFlushesOfOneBucket() throws Exception {
        for (int i = 0; i < 20; i++) {
            engine.send("a:1:2|c\nb:1|g|#n:" + i + "\nnonsense");
            engine.flush(8_000);
        }
        engine.flusher.shutdown(engine.in(8_000));
        engine.assertBalance();

        assertThat(total("datagrams")).isEqualTo(20);
        assertThat(total("bytes")).isEqualTo((double) engine.counters.value(Counter.BYTES));
        assertThat(total("parsed")).isEqualTo(40);
        assertThat(total("received")).isEqualTo(60);
        assertThat(total("rejected", "reason:no_pipe")).isEqualTo(20);
        assertThat(total("delivered")).as("the last flush found it").isEqualTo(60);
        IntakeView view = intake.intake();
        assertThat(view.lastGauge(PREFIX + "contexts", "env:test")).isEqualTo(21);
        assertThat(view.problems()).isEmpty();
        assertThat(engine.ledger.json())
                .as("they stand beside the ledger")
                .contains("{\"received\":60,\"delivered\":60,\"held\":0");
    }

    @Test
    void aFlushWithoutNewsSendsNothing() throws Exception {
        engine.send("a:1|c");
        engine.flush(8_000);
        int requests = intake.total();

        assertThat(engine.flusher.hasUnflushed()).isFalse();
        for (int i = 0; i < 3; i++) {
            assertThat(engine.flush(8_000).progress()).isEqualTo(Progress.IDLE);
        }
        assertThat(intake.total()).isEqualTo(requests);
    }

    @Test
    void linesThatAllFailedAreReportedAllTheSame() throws Exception {
        engine.send("nonsense");
        engine.flush(8_000);

        assertThat(total("rejected", "reason:no_pipe")).isEqualTo(1);
        assertThat(engine.ledger.json()).contains("{\"received\":0,\"delivered\":0,\"held\":0");
    }

    @Test
    void whileTheIntakeFailsTheyWaitAndTheLedgerHoldsOnlyWhatClientsSent() throws Exception {
        intake.play(Scenario.everywhere().status(503));
        for (int i = 0; i < 5; i++) {
            engine.send("a:1|c");
            engine.flush(8_000);
            assertThat(engine.ledger.held()).isEqualTo(i + 1);
        }
        intake.clearScenarios();
        engine.flusher.shutdown(engine.in(8_000));
        engine.assertBalance();

        assertThat(total("received")).isEqualTo(5);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(5);
    }

    @Test
    void anIntakeThatRefusesThemCostsNoSample() throws Exception {
        intake.play(Scenario.everywhere().status(400));
        engine.send("nonsense");
        engine.flush(8_000);
        engine.flusher.shutdown(engine.in(8_000));
        engine.assertBalance();

        assertThat(engine.counters.sum(Counter.Kind.LOST)).isZero();
    }

    @Test
    void theyHaveNoNamespace() throws Exception {
        try (Engine shop = new Engine(intake.url(), "DD_STATSD_METRIC_NAMESPACE", "shop")) {
            shop.flusher.report(new SelfMetrics(shop.config, shop.counters, shop.aggregator));
            shop.send("a:1|c");
            shop.flush(8_000);
        }

        assertThat(intake.intake().countTotal("shop.a")).isEqualTo(1);
        assertThat(intake.intake().countTotal(PREFIX + "received")).isEqualTo(1);
    }

    @Test
    void lossesAreReportedByReason() throws Exception {
        engine.send("secret:1|c\na:1|c");
        engine.counters.add(Counter.KERNEL_DROPPED, 7);
        engine.flush(8_000);

        assertThat(total("lost", "reason:blocked")).isEqualTo(1);
        assertThat(total("kernel_dropped")).isEqualTo(7);
    }

    @Test
    void aSuccessorDoesNotReportAgainWhatTheKernelDroppedBeforeIt() throws Exception {
        engine.counters.add(Counter.KERNEL_DROPPED, 7);
        SelfMetrics metrics = new SelfMetrics(engine.config, engine.counters, engine.aggregator);
        metrics.succeedAnother();
        engine.flusher.report(metrics);
        engine.counters.add(Counter.KERNEL_DROPPED, 2);
        engine.flush(8_000);

        assertThat(total("kernel_dropped")).isEqualTo(2);
    }

    private double total(String name, String... tags) {
        String[] all = java.util.Arrays.copyOf(tags, tags.length + 1);
        all[tags.length] = "env:test";
        return intake.intake().countTotal(PREFIX + name, all);
    }
}
