package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Violation;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LMI: many invocations at a time, none of which the extension sees, and no freeze. */
@Timeout(120)
class ManagedInstancesIT {
    private static final int CONCURRENCY = 16;

    @RegisterExtension
    private final Trial trial = new Trial();

    @BeforeEach
    void manyAtATime() {
        trial.runtime(FunctionProcess.command(trial.port(), CONCURRENCY, Path.of("/nonexistent")))
                .emulator()
                .mode(Mode.MANAGED_INSTANCES);
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,300");
    }

    @Test
    void itAsksForTheShutdownAlone() {
        trial.init();
        assertThat(trial.calls("/register")).hasSize(1);
        assertThat(trial.first(Mark.Kind.REGISTERED).detail()).isEqualTo("[SHUTDOWN]");
        trial.sandbox().shutdown();
        trial.endedWell();
    }

    @Test
    @ContractCase("LMI-02")
    void whereNothingSaysWhatItIsTheRefusalDoes() {
        refusedFirst("");
    }

    @Test
    void whereTheVariableSaysSomethingElseTheRefusalIsBelieved() {
        refusedFirst("on-demand");
    }

    private void refusedFirst(String initializationType) {
        trial.with("AWS_LAMBDA_INITIALIZATION_TYPE", initializationType);
        trial.init();
        assertThat(trial.violations()).extracting(Violation::errorType).containsExactly("Extension.InvalidEventType");
        assertThat(trial.calls("/register")).hasSize(2);
        assertThat(trial.first(Mark.Kind.REGISTERED).detail()).isEqualTo("[SHUTDOWN]");
        assertThat(trial.first(Mark.Kind.SUBSCRIBED).detail())
                .as("with the only schema there is")
                .isEqualTo("[platform]");

        trial.succeeds("orders:1|c");
        trial.awaitCount("orders", 1);
        trial.send("late:1|c");
        trial.awaitCount("late", 1);
        assertThat(trial.polls()).isEqualTo(1);
        trial.sandbox().shutdown();
        assertThat(trial.sandbox().exitCode(EXTENSION)).hasValue(0);
    }

    @Test
    @ContractCase("LMI-03")
    void everyIntervalWithDataBringsAPayloadAndNothingIsMissing() {
        trial.init();
        for (int round = 1; round <= 3; round++) {
            int accepted = trial.intake().accepted();
            atOnce("orders:1|c", CONCURRENCY);
            trial.awaitCount("orders", round * CONCURRENCY);
            assertThat(trial.intake().accepted()).isGreaterThan(accepted);
        }
        assertThat(trial.polls()).isEqualTo(1);
        trial.shutdown();
        assertThat(trial.ledger()).contains("\"received\":48,\"delivered\":48,\"held\":0");
    }

    private void atOnce(String datagram, int invocations) {
        List<Invocation> all = new ArrayList<>();
        for (int i = 0; i < invocations; i++) {
            all.add(trial.sandbox().invoke(Invocation.Request.of(datagram)));
        }
        all.forEach(invocation -> Platform.succeeds(invocation.result().join()));
    }

    @Test
    @ContractCase("LMI-04")
    void theEventsOfManyRequestsCanBeMixedAndIncomplete() {
        trial.init();
        assertThat(trial.calls("/telemetry")).hasSize(1);
        assertThat(trial.violations())
                .as("the platform takes schema 2025-01-29 alone")
                .isEmpty();
        trial.sandbox().rewriteTelemetry(List::reversed);
        atOnce("orders:1|c", CONCURRENCY);
        trial.awaitCount("orders", CONCURRENCY);
        trial.awaitMark(Mark.Kind.TELEMETRY_SENT, 1);
        assertThat(
                        trial.sandbox()
                                .postTelemetry(
                                        "[{\"type\":\"platform.report\",\"record\":{\"requestId\":\"a\",\"status\":\"success\"}},"
                                                + "{\"type\":\"platform.start\",\"record\":{\"requestId\":\"b\"}},"
                                                + "{\"type\":\"platform.report\",\"record\":{\"requestId\":\"b\",\"metrics\":{\"durationMs\":1.5}}}]"))
                .containsExactly(200);
        trial.shutdown();
        assertThat(trial.lines("internal_errors")).isEmpty();
        assertThat(trial.lines("telemetry_unreadable")).isEmpty();
        assertThat(trial.lines("nobody announced")).isEmpty();
    }

    @Test
    @ContractCase("LMI-05")
    void whatIsPendingLeavesWithTheShutdown() {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,600000");
        trial.init();
        trial.succeeds("first:1|c");
        trial.intake().latency(Duration.ofMillis(200));
        trial.succeeds("last:1|c");
        trial.shutdown();
        assertThat(trial.count("last")).isEqualTo(1);
        Mark shutdown = trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform").getLast();
        assertThat(Duration.ofNanos(trial.exit().atNs() - shutdown.atNs())).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void anInvocationThatIsLateHurtsNobodyElse() {
        trial.emulator().timeout(Duration.ofSeconds(2));
        trial.init();
        Invocation hangs = trial.sandbox().invoke(Invocation.Request.of("hang"));
        atOnce("orders:1|c", CONCURRENCY - 1);
        assertThat(hangs.result().join().outcome()).isEqualTo(Invocation.Outcome.TIMEOUT);
        trial.succeeds("orders:1|c");
        trial.awaitCount("orders", CONCURRENCY);
        assertThat(trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform")).isEmpty();
        trial.shutdown();
    }

    @Test
    void theIntervalIsTenSecondsWhereNothingElseIsSaid() {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "end").with("DD_LOG_LEVEL", "debug");
        trial.init();
        trial.succeeds("orders:1|c");
        trial.awaitCount("orders", 1);
        assertThat(trial.polls()).isEqualTo(1);
        trial.shutdown();
    }

    @Test
    void afterAFailureItEndsLikeAfterASpindown() {
        trial.init();
        trial.succeeds("orders:1|c");
        trial.send("last:1|c");
        trial.sandbox().shutdown("failure", Duration.ofSeconds(2));
        trial.endedWell();
        assertThat(trial.count("orders") + trial.count("last")).isEqualTo(2);
    }
}
