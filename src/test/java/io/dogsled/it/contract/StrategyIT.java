package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mode;
import io.dogsled.testserver.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which invocations are held for a flush, and that those which are not lose nothing (docs/decisions/022-adaptive.md). */
@Timeout(60)
class StrategyIT {
    private static final String HELD = "flush decision at INVOKE: ";

    @RegisterExtension
    private final Trial trial = new Trial();

    /** With a bound of a minute four steady arrivals are enough: 300 s / (4 + 2) and their distance. */
    @Test
    void adaptiveHoldsInvocationsUntilTrafficIsSteadyAndThenNone() {
        trial.with("DD_DOGSLED_MAX_DATA_AGE_MS", "60000").with("DD_LOG_LEVEL", "debug");
        for (int i = 0; i < 12; i++) {
            trial.succeeds("orders:1|c\nsizes:3|d");
        }
        trial.shutdown();

        List<String> decisions = trial.lines(HELD);
        assertThat(decisions).hasSize(12);
        assertThat(decisions.subList(0, 3)).allMatch(line -> line.contains(", held: "));
        assertThat(decisions.subList(6, 12)).allMatch(line -> line.contains(", not held: "));
        assertThat(trial.count("orders")).as("the last ones at SHUTDOWN").isEqualTo(12);
        assertThat(trial.intake().intake().sketchTotal("sizes").cnt()).isEqualTo(12);
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    /** What an invocation leaves that is not held is sent when the next one begins, whatever became of the intake's answer. */
    @Test
    void whatIsDeferredLeavesAtTheNextBegin() {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,10");
        trial.succeeds("orders:1|c");
        // a function of a millisecond may be frozen before the request has left, which then leaves in the next
        await().untilAsserted(() -> {
            trial.succeeds("{}");
            assertThat(trial.count("orders")).isEqualTo(1);
        });
        trial.shutdown();
    }

    /** An invocation that begins early costs nothing; one that begins when the interval is over is held for its flush. */
    @Test
    void endWithAnIntervalHoldsOnlyWhatBeginsAfterIt() {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "end,3600000").with("DD_LOG_LEVEL", "debug");
        for (int i = 0; i < 4; i++) {
            trial.succeeds("orders:1|c");
        }
        assertThat(trial.lines(HELD)).hasSize(4);
        assertThat(trial.lines(HELD).getFirst()).contains(", held: ");
        assertThat(trial.lines(HELD).subList(1, 4)).allMatch(line -> line.contains(", not held: "));
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(4);
    }

    /** Where nobody says when a function ends nobody waits for the intake either: not even the invocation after it. */
    @Test
    void aBlackHoleHoldsNobodyWhereEndsAreNotAnnounced() {
        trial.emulator().mode(Mode.RIE);
        trial.succeeds("orders:1|c");
        trial.awaitCount("orders", 1);
        trial.intake().play(Scenario.everywhere().cut(Scenario.Cut.BLACK_HOLE));

        for (int i = 0; i < 4; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntime())
                    .as("the budget is two seconds here")
                    .isLessThan(Duration.ofMillis(1_500));
        }
        trial.intake().clearScenarios();
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(5);
    }
}
