package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.it.SteppedLayer;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** FRZ: everything stands still between invocations, and the world goes on meanwhile. */
@Timeout(90)
class FreezeIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    void manyFreezesLeaveNoTrace() {
        trial.warmUp();
        int connections = trial.intake().connections();
        for (int i = 1; i <= 20; i++) {
            trial.succeeds("orders:1|c");
            assertThat(trial.count("orders")).isEqualTo(i);
        }
        trial.shutdown();
        assertThat(trial.sandbox().marks(Mark.Kind.FREEZE, "platform")).hasSizeGreaterThan(20);
        assertThat(trial.intake().connections())
                .as("one connection outlives the freezes")
                .isEqualTo(connections);
    }

    @Test
    void whatIsSentWhileItStandsStillBelongsToTheNextInvocation() {
        trial.warmUp();
        trial.send("late:3|c");
        trial.succeeds("{}");
        assertThat(trial.count("late")).isEqualTo(3);
        trial.shutdown();
    }

    @Test
    @ContractCase("FRZ-02")
    void connectionsThatWereClosedMeanwhileCostOneReconnect() {
        trial.warmUp();
        for (int i = 1; i <= 3; i++) {
            int connections = trial.intake().connections();
            int accepted = trial.intake().accepted();
            trial.intake().closeIdleConnections();
            trial.succeeds("orders:1|c");

            assertThat(trial.count("orders")).isEqualTo(i);
            assertThat(trial.intake().connections()).isEqualTo(connections + 1);
            assertThat(trial.intake().accepted()).isEqualTo(accepted + 1);
        }
        trial.shutdown();
        assertThat(trial.ledger()).contains("\"possibly_duplicated\":0");
    }

    @Test
    @ContractCase("FRZ-03")
    void aClockThatJumpedOverTheFreezeDatesOnlyWhatComesAfterIt(@TempDir Path folder) throws Exception {
        jump(folder, Duration.ofHours(2));
    }

    @Test
    void aClockThatWasSetBackDatesOnlyWhatComesAfterIt(@TempDir Path folder) throws Exception {
        jump(folder, Duration.ofHours(-1));
    }

    private void jump(Path folder, Duration step) throws Exception {
        trial.emulator().layer(SteppedLayer.in(folder)).steppableClock();
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,600000")
                .emulator()
                .freeze(false);
        trial.succeeds("{}");
        trial.succeeds("old:1|c\nold.size:5|d");
        final long beforeS = trial.sandbox().nowMs() / 1_000;
        trial.awaitRead();
        trial.sandbox().freeze();
        trial.sandbox().stepClock(step);
        trial.sandbox().thaw();
        trial.succeeds("new:1|c\nnew.size:5|d");
        Invocation.Result last = trial.succeeds("new:1|c");
        trial.shutdown();

        IntakeView view = trial.intake().intake();
        long stepS = step.toSeconds();
        long firstS = beforeS + 1; // an engine that starts in the first second of a bucket begins with the next one
        assertThat(seconds(view, "old")).allSatisfy(at -> assertThat(at).isBetween(beforeS - 60, firstS));
        assertThat(seconds(view, "new"))
                .allSatisfy(at -> assertThat(at).isBetween(beforeS + stepS - 10, beforeS + stepS + 60));
        assertThat(view.counts())
                .allSatisfy(count -> assertThat(count.intervalS()).isEqualTo(10));
        assertThat(trial.count("old")).isEqualTo(1);
        assertThat(trial.count("new")).isEqualTo(2);
        assertThat(view.sketchTotal("old.size").cnt()).isEqualTo(1);
        assertThat(view.sketchTotal("new.size").cnt()).isEqualTo(1);
        assertThat(last.times().afterRuntime()).isLessThan(Duration.ofSeconds(2));
    }

    private static Set<Long> seconds(IntakeView view, String metric) {
        return view.counts().stream()
                .filter(count -> count.context().metric().equals(metric))
                .findFirst()
                .orElseThrow()
                .points()
                .keySet();
    }

    @Test
    @ContractCase("FRZ-04")
    void aRequestThatFrozeIsAnsweredOrSentAgainAndEverythingCountsOnce() {
        trial.inHaste();
        trial.warmUp();
        trial.intake()
                .play(Scenario.everywhere().latency(Duration.ofMillis(1500)).times(1));
        Invocation.Result parked = trial.succeeds("orders:1|c");
        assertThat(parked.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        frozenUntilAnswered();
        settles();
    }

    @Test
    void aRequestThatFrozeAndDiedIsSentAgain() {
        trial.inHaste();
        trial.warmUp();
        trial.intake()
                .play(Scenario.everywhere()
                        .latency(Duration.ofMillis(1500))
                        .cut(Scenario.Cut.BEFORE_ANSWER)
                        .times(1));
        Invocation.Result parked = trial.succeeds("orders:1|c");
        assertThat(parked.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        await().atMost(Trial.LONG)
                .until(() -> trial.intake().aborted() + trial.intake().failed() > 0);
        settles();
    }

    /** The intake answers while the extension stands still. */
    private void frozenUntilAnswered() {
        assertThat(trial.sandbox().marks(Mark.Kind.FREEZE, "platform")).isNotEmpty();
        await().atMost(Trial.LONG).until(() -> trial.count("orders") == 1);
    }

    private void settles() {
        for (int i = 0; i < 3; i++) {
            trial.succeeds("orders:1|c");
        }
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(4);
        assertThat(trial.ledger()).contains("\"held\":0").contains("\"lost\":{}");
        assertThat(trial.sandbox().maxOutstandingNext(EXTENSION)).isEqualTo(1);
    }
}
