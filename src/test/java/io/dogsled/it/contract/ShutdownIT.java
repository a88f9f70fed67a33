package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SHD: the last event, whatever it looks like and however little time it leaves. */
@Timeout(120)
class ShutdownIT {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    @RegisterExtension
    private final Trial trial = new Trial();

    private int lives;

    @Test
    @ContractCase("SHD-01")
    void whatIsPendingLeavesBeforeTheDeadline() {
        trial.warmUp();
        trial.intake().latency(Duration.ofMillis(200));
        endsWithItsData("spindown", TWO_SECONDS);
    }

    @Test
    @ContractCase("SHD-02")
    void everyReasonIsAReason() {
        for (String reason : List.of(
                "SPINDOWN", "timeout", "TIMEOUT", "failure", "FAILURE", "SandboxTerminated", "ReleaseFail", "Gone")) {
            trial.warmUp();
            endsWithItsData(reason, TWO_SECONDS);
        }
        trial.sandbox()
                .always(Fault.Route.NEXT, Fault.body(body -> body.replaceAll("\"shutdownReason\":\"[^\"]*\",", "")));
        trial.warmUp();
        endsWithItsData("spindown", TWO_SECONDS);
    }

    @Test
    @ContractCase("SHD-03")
    void aShutdownAsPlainTextIsAShutdown() {
        trial.sandbox().always(Fault.Route.NEXT, Fault.textPlain());
        trial.warmUp();
        endsWithItsData("spindown", TWO_SECONDS);
    }

    @Test
    void aShutdownWithoutADeadlineOrWithOneOfAnotherTypeIsAShutdown() {
        for (String deadline : List.of("", "\"deadlineMs\":\"soon\",", "\"deadlineMs\":0,", "\"deadlineMs\":9e18,")) {
            trial.sandbox()
                    .always(
                            Fault.Route.NEXT,
                            Fault.body(body -> body.contains("SHUTDOWN")
                                    ? "{" + deadline + "\"shutdownReason\":\"spindown\",\"eventType\":\"SHUTDOWN\"}"
                                    : body));
            trial.warmUp();
            endsWithItsData("spindown", TWO_SECONDS);
        }
    }

    /** One value that came after the last invocation; lives that begin in one second must not meet in one series. */
    private void endsWithItsData(String reason, Duration total) {
        String metric = "last" + lives++;
        trial.send(metric + ":1|c");
        trial.sandbox().shutdown(reason, total);
        trial.endedWell();
        assertThat(beforeDeadline(total)).as(reason).isPositive();
        assertThat(trial.count(metric)).as(reason).isEqualTo(1);
    }

    /** How long before the deadline the process ended. */
    private Duration beforeDeadline(Duration total) {
        long shutdownNs =
                trial.sandbox().marks(Mark.Kind.SHUTDOWN, "platform").getLast().atNs();
        return total.minusNanos(trial.exit().atNs() - shutdownNs);
    }

    @Test
    @ContractCase("SHD-04")
    void anIntakeThatNeverAnswersDoesNotTakeItOverTheDeadline() {
        trial.warmUp();
        trial.intake().play(Scenario.everywhere().latency(Duration.ofMinutes(10)));
        trial.send("last:1|c");
        trial.sandbox().shutdown("spindown", TWO_SECONDS);

        trial.endedWell();
        assertThat(beforeDeadline(TWO_SECONDS)).isGreaterThan(Duration.ofMillis(50));
        assertThat(trial.ledger()).contains("\"held\":0").contains("\"lost\":{\"dead_lettered\":1}");
    }

    @Test
    @ContractCase("SHD-05")
    void threeHundredMillisecondsAreEnoughForAnIntakeOfFifty() {
        trial.warmUp();
        trial.intake().latency(Duration.ofMillis(50));
        endsWithItsData("spindown", Duration.ofMillis(300));
    }

    @Test
    @ContractCase("SHD-06")
    void withNothingPendingItLeavesAtOnceAndSendsNothing() {
        Duration quickest = TWO_SECONDS;
        for (int i = 0; i < 3; i++) { // the machine may do something else meanwhile
            trial.warmUp();
            int requests = trial.intake().total();
            trial.sandbox().shutdown();
            trial.endedWell();
            assertThat(trial.intake().total()).isEqualTo(requests);
            long eventNs =
                    trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).getLast().atNs();
            Duration took = Duration.ofNanos(trial.exit().atNs() - eventNs);
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        assertThat(quickest).isLessThan(Duration.ofMillis(200));
    }

    @Test
    @ContractCase("SHD-07")
    void aShutdownAsTheVeryFirstEventIsAShutdown() {
        trial.init();
        trial.send("last:1|c");
        trial.shutdown();
        assertThat(trial.count("last")).isEqualTo(1);
        assertThat(trial.polls()).isEqualTo(1);
    }

    @Test
    @ContractCase("SHD-09")
    void afterTheShutdownNobodyIsAskedAnything() {
        trial.warmUp();
        trial.intake().latency(Duration.ofMillis(300));
        endsWithItsData("spindown", TWO_SECONDS);

        long eventNs =
                trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).getLast().atNs();
        assertThat(trial.sandbox().marks(Mark.Kind.CALL, EXTENSION)).allMatch(call -> call.atNs() < eventNs);
    }

    @Test
    @ContractCase("SHD-10")
    void aFlushThatIsStillUnderWayIsAwaited() {
        trial.inHaste();
        trial.warmUp();
        trial.intake()
                .play(Scenario.everywhere().latency(Duration.ofMillis(1200)).times(1));
        Invocation.Result parked = trial.succeeds("orders:1|c");
        assertThat(parked.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        trial.send("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(2);
        assertThat(trial.ledger()).contains("\"held\":0").contains("\"lost\":{}");
    }

    @Test
    void aFlushThatNeverEndsIsCancelledAndItsDataIsSentOnceMore() {
        trial.inHaste();
        trial.warmUp();
        trial.intake()
                .play(Scenario.everywhere().latency(Duration.ofMinutes(10)).times(1));
        Invocation.Result parked = trial.succeeds("orders:1|c");
        assertThat(parked.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(beforeDeadline(TWO_SECONDS)).isPositive();
        assertThat(trial.ledger()).contains("\"held\":0").contains("\"lost\":{}");
    }
}
