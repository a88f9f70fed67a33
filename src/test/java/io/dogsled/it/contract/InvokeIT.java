package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.it.Platform;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** INV: what an invocation delivers, and how little it costs the function. */
@Timeout(60)
class InvokeIT {
    private static final String ARN = "arn:aws:lambda:us-east-1:123456789012:function:sample";

    /** A flush of nothing must not show: an empty invocation may take this much longer, half of the times. */
    private static final Duration OVERHEAD = Duration.ofMillis(100);

    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    @ContractCase("INV-01")
    void aRequestOfEachKindWithTheRightSumsBeforeTheNextPoll() {
        trial.start(event -> {
            if (!event.equals("ten")) {
                trial.send(event);
                return;
            }
            for (int i = 1; i <= 10; i++) {
                trial.send("ten:" + i + "|c\nten.size:" + i + "|d");
            }
        });
        trial.warmUp();
        int before = trial.intake().total();

        trial.succeeds("ten");

        assertThat(trial.count("ten")).isEqualTo(55);
        assertThat(trial.intake().intake().sketchTotal("ten.size").sum()).isEqualTo(55);
        assertThat(trial.intake().total() - before).as("series and sketches").isEqualTo(2);
        trial.shutdown();
        assertThat(trial.intake().total() - before).as("nothing was left").isEqualTo(2);
    }

    /** The caller has its answer before, so what counts is what the environment cannot be used for. */
    @Test
    @ContractCase("INV-03")
    void anEmptyInvocationCostsNextToNothing() {
        trial.inHaste();
        trial.warmUp();
        List<Duration> after = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            after.add(trial.succeeds("{}").times().afterRuntime());
        }
        trial.shutdown();

        Collections.sort(after);
        assertThat(after.get(after.size() / 2)).as("median of %s", after).isLessThan(OVERHEAD);
    }

    @Test
    @ContractCase("INV-04")
    void nothingIsSentWhenThereIsNothingToSend() {
        for (int i = 0; i < 10; i++) {
            trial.succeeds("{}");
        }
        trial.shutdown();

        assertThat(trial.intake().total()).isZero();
        assertThat(trial.ledger()).contains("\"received\":0,\"delivered\":0,\"held\":0,");
    }

    @ParameterizedTest
    @ContractCase("INV-05")
    @ValueSource(strings = {"250", "60000"})
    void anIntakeThatNeverAnswersHoldsNobodyAndIsGivenThePayloadLater(String budgetMs) {
        trial.with("DD_DOGSLED_FLUSH_BUDGET_MS", budgetMs);
        trial.emulator().timeout(Duration.ofSeconds(2));
        trial.warmUp();
        trial.intake().play(Scenario.everywhere().delayBeforeHeaders(Duration.ofSeconds(30)));

        Invocation.Result result = trial.succeeds("orders:1|c");
        assertThat(Duration.ofNanos(result.times().finishedNs() - result.times().startedNs()))
                .isLessThan(Duration.ofSeconds(2));
        trial.succeeds("orders:1|c");
        trial.intake().clearScenarios();
        trial.intake().closeIdleConnections();
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(3);
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    @ParameterizedTest
    @ContractCase("INV-06")
    @ValueSource(longs = {-60_000, -1, 0, 20})
    void aDeadlineThatHasPassedIsAnsweredAtOnce(long aheadMs) {
        trial.warmUp();
        trial.script(
                Fault.Route.NEXT,
                Fault.body(event -> event.replaceFirst(
                        "\"deadlineMs\":\\d+", "\"deadlineMs\":" + (System.currentTimeMillis() + aheadMs))));
        trial.succeeds("orders:1|c");
        int before = trial.sandbox().marks(Mark.Kind.NEXT, Platform.EXTENSION).size();

        Invocation.Result result = trial.succeeds("orders:1|c");

        assertThat(result.times().afterRuntime()).isLessThan(Trial.HELD);
        assertThat(trial.sandbox().marks(Mark.Kind.NEXT, Platform.EXTENSION)).hasSize(before + 1);
        trial.succeeds("orders:1|c");
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(3);
    }

    /** A bucket that is flushed while it is open goes out again with its new total, and never with less. */
    @ParameterizedTest
    @ContractCase("INV-07")
    @ValueSource(strings = {"continuously,200", "periodically,200", "end,200", "adaptive"})
    void aLongFunctionIsFlushedWhileItRuns(String strategy) {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", strategy).with("DD_DOGSLED_MAX_DATA_AGE_MS", "1000");
        int[] sent = {0};
        trial.start(event -> {
            long deadlineNs = System.nanoTime() + Duration.ofSeconds(8).toNanos();
            while (event.equals("long") && trial.count("orders") < 100 && System.nanoTime() < deadlineNs) {
                trial.send("orders:1|c");
                sent[0]++;
                pause();
            }
        });

        Invocation.Result result = trial.succeeds("long");

        assertThat(trial.count("orders")).as("before the function ended").isGreaterThanOrEqualTo(100);
        assertThat(result.times().function()).isLessThan(Duration.ofSeconds(8));
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(sent[0]);
        for (IntakeView.Duplicate again : trial.intake().intake().duplicates()) {
            List<Double> values = again.values().stream().map(Double::valueOf).toList();
            assertThat(values).as("%s at %d", again.name(), again.timestampS()).isSorted();
            assertThat(again.same()).isFalse();
        }
    }

    /** Metrics of a function carry no tag of the invocation: {@code docs/configuration.md}. */
    @Test
    @ContractCase("INV-09")
    void versionAndAliasMakeNoDifferenceToAMetric() {
        trial.warmUp();
        for (String qualifier : List.of(":7", ":live", "")) {
            Invocation.Request request = Invocation.Request.of("orders:1|c").withArn(ARN + qualifier);
            Platform.succeeds(trial.sandbox().invoke(request).result().join());
        }
        trial.shutdown();

        assertThat(trial.count("orders")).as("one context, without tags").isEqualTo(3);
        assertThat(trial.intake().intake().counts())
                .allSatisfy(count -> assertThat(count.context().tags()).isEmpty());
    }

    @Test
    @ContractCase("INV-10")
    void aFailedInvocationIsFlushedAsAnyOther() {
        trial.start(event -> {
            trial.send(event);
            if (event.startsWith("failed")) {
                throw new ScriptedFunction.Failed("Function.Broken");
            }
        });
        trial.warmUp();

        Invocation.Result failed = trial.invoke("failed:1|c");

        assertThat(failed.outcome()).isEqualTo(Invocation.Outcome.FUNCTION_ERROR);
        assertThat(trial.count("failed")).isEqualTo(1);
        trial.succeeds("orders:1|c");
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(trial.intake().total()).isGreaterThan(2);
    }

    private static void pause() {
        java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
}
