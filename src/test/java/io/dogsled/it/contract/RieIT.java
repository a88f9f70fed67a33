package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** RIE: the world of {@code sam local}, which holds the response until the extensions are done and has no telemetry. */
@Timeout(60)
class RieIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    @BeforeEach
    void rie() {
        trial.inHaste();
        trial.emulator().mode(Mode.RIE).accountId("");
    }

    @Test
    @ContractCase("RIE-01")
    void theCallerWaitsForTheFunctionAloneAndTheMetricsArrive() {
        trial.succeeds("warm:1|c");
        trial.awaitCount("warm", 1);

        Invocation invocation = trial.sandbox().invoke(Invocation.Request.of("orders:1|c"));
        assertThat(invocation.response().join()).isEqualTo("\"ok\"");
        Invocation.Result result = Platform.succeeds(invocation.result().join());
        assertThat(result.times().afterRuntime()).isLessThan(Trial.HELD);
        trial.awaitCount("orders", 1);

        trial.send("late:1|c");
        trial.shutdown();
        assertThat(trial.count("late")).isEqualTo(1);
        assertThat(trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform"))
                .extracting(Mark::detail)
                .containsExactly("SandboxTerminated");
        assertThat(trial.ledger()).contains("\"received\":3,\"delivered\":3,\"held\":0,");
    }

    /** {@code sam local invoke} kills the container right after the response, without SHUTDOWN. */
    @Test
    void metricsArriveWithoutAnyShutdown() {
        trial.succeeds("orders:1|c");
        trial.succeeds("orders:1|c");

        await().atMost(Trial.LONG).until(() -> trial.count("orders") == 2);
    }

    /** Init is part of the first invocation there, and the function's timeout covers both. */
    @Test
    @ContractCase("RIE-03")
    void theFirstInvocationStaysWithinTheTimeout() {
        Invocation.Result first = trial.succeeds("orders:1|c");

        assertThat(Duration.ofNanos(
                        first.times().finishedNs() - trial.first(Mark.Kind.EXEC).atNs()))
                .isLessThan(Duration.ofSeconds(3));
        assertThat(first.coldStart()).isTrue();
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(1);
    }

    @Test
    void aRefusedSubscriptionIsNotRepeated() {
        trial.succeeds("{}");
        trial.shutdown();

        assertThat(trial.calls("/telemetry")).hasSize(1);
        assertThat(trial.lines("elemetry")).isEmpty();
    }
}
