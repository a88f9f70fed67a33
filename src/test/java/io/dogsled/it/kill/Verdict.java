package io.dogsled.it.kill;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.emulator.Violation;
import io.dogsled.testserver.IntakeView;
import java.util.List;

/** What is to be true after a trial, over all cells and in each kind of cell; the function's answers have been judged before. */
final class Verdict {
    /** The first engine and three successors. */
    private static final int MOST_DEATHS = 4;

    /** Enough for a few deaths and what a crashing JVM prints; a flood would cost the customer. */
    private static final int MOST_LINES = 60;

    static final String GOES_ON = "; the function goes on, ";
    private static final String LEDGER = "DOGSLED ledger {";
    private static final String LOST = "datagrams received and lost";

    private final Cell cell;
    private final Sandbox sandbox;
    private final IntakeView intake;
    private final int sent;

    Verdict(Cell cell, Trial trial) {
        this.cell = cell;
        this.sandbox = trial.sandbox();
        this.intake = trial.intake().intake();
        this.sent = trial.sent();
    }

    void judge() throws Exception {
        theLauncherLivesToTheEnd();
        thereIsALineForEachDeathAndNoFlood();
        whatIsLostIsNamed();
        if (!matching(sandbox, LEDGER).isEmpty()) {
            balancedLedger();
        }
        if (cell.state() == Cell.State.DURING_SHUTDOWN) {
            whatTheShutdownCostIsNamed();
            return;
        }
        switch (cell.blow().end()) {
            case NEVER_RUNS -> nothingArrivesAndItIsSaidTwice();
            case DIES_EACH_TIME -> nothingArrivesAndItIsCounted();
            case RUNS -> everythingArrives();
            case IS_REPLACED -> whatCameAfterwardsArrives();
            case IS_REPLACED_WHEN_SILENT -> whatWaitedInTheSocketArrives();
            case ANYTHING -> assertThat(arrived("after")).isLessThanOrEqualTo(3);
        }
    }

    private void theLauncherLivesToTheEnd() {
        assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        List<Mark> ends = sandbox.marks(Mark.Kind.EXIT, EXTENSION);
        assertThat(ends).hasSize(1);
        assertThat(ends.getFirst().atNs())
                .isGreaterThan(
                        sandbox.marks(Mark.Kind.SHUTDOWN, "platform").getFirst().atNs());
        assertThat(sandbox.violations()).extracting(Violation::who).doesNotContain(EXTENSION);
        assertThat(sandbox.maxOutstandingNext(EXTENSION)).isEqualTo(1);
    }

    private void thereIsALineForEachDeathAndNoFlood() {
        List<String> lines = sandbox.lines().stream()
                .filter(line -> line.source().equals(EXTENSION))
                .map(LogLine::text)
                .toList();
        assertThat(lines).hasSizeLessThan(MOST_LINES);
        assertThat(matching(sandbox, GOES_ON)).hasSizeLessThanOrEqualTo(MOST_DEATHS);
    }

    private void whatIsLostIsNamed() {
        double all = List.of("before", "warm", "struck", "after").stream()
                .mapToDouble(this::arrived)
                .sum();
        assertThat(all).isLessThanOrEqualTo(sent);
        if (all < sent) {
            assertThat(sandbox.lines())
                    .extracting(LogLine::text)
                    .anyMatch(line -> line.contains(LOST) || line.contains("what the engine held is lost"));
        }
    }

    private void whatTheShutdownCostIsNamed() {
        assertThat(arrived("before")).isEqualTo(cell.blow().leavesTheSocketAlone() ? 0 : 1);
        if (matching(sandbox, LOST).isEmpty() && (cell.blow() == Blow.ENDLESS || cell.blow() == Blow.SPIRAL)) {
            assertThat(arrived("struck"))
                    .as("it talked or collected, and yet it left in good order")
                    .isEqualTo(1);
            return;
        }
        String line = onlyLine(LOST);
        assertThat(line).contains("during shutdown; what it held is lost");
        if (cell.blow().leavesTheSocketAlone()) {
            assertThat(line).contains("; 2 " + LOST);
        } else if (cell.blow().end() != Blow.End.ANYTHING) {
            assertThat(line).contains("; 0 " + LOST + ", and 1 samples that the engine held");
        }
    }

    private void nothingArrivesAndItIsSaidTwice() {
        assertThat(onlyLine(GOES_ON)).contains("cannot start").contains("metrics are dropped");
        assertThat(onlyLine(LOST)).contains("; 3 " + LOST);
        assertThat(intake.counts()).isEmpty();
    }

    private void nothingArrivesAndItIsCounted() {
        assertThat(matching(sandbox, GOES_ON)).isNotEmpty();
        assertThat(onlyLine(LOST)).contains("; 3 " + LOST);
        assertThat(intake.counts()).isEmpty();
    }

    private void everythingArrives() throws Exception {
        assertThat(matching(sandbox, GOES_ON)).isEmpty();
        assertThat(arrived("after")).isEqualTo(3);
        assertThat(balancedLedger().get("received").asInt()).isEqualTo(3);
    }

    private void whatCameAfterwardsArrives() throws Exception {
        assertThat(matching(sandbox, GOES_ON)).hasSize(1);
        assertThat(arrived("after")).isEqualTo(3);
        assertThat(arrived("before")).isEqualTo(cell.state() == Cell.State.STARTING ? 0 : 1);
        JsonNode ledger = balancedLedger();
        if (cell.state() == Cell.State.MID_FLUSH) {
            assertThat(onlyLine(GOES_ON)).contains("what the engine held is lost (1 samples at its last word");
            assertThat(ledger.at("/lost/engine").asInt()).isEqualTo(1);
        }
    }

    private void whatWaitedInTheSocketArrives() throws Exception {
        assertThat(arrived("after")).isEqualTo(3);
        if (cell.state() == Cell.State.STARTING) {
            assertThat(onlyLine(GOES_ON)).contains("it was not ready, and did nothing during three invocations");
            assertThat(balancedLedger().get("received").asInt()).isEqualTo(sent);
            return;
        }
        assertThat(onlyLine(GOES_ON)).contains("it said nothing during three invocations");
        assertThat(arrived("before")).isEqualTo(1);
        JsonNode ledger = balancedLedger();
        if (cell.blow().leavesTheSocketAlone() && cell.state() != Cell.State.BETWEEN_EVENTS) {
            assertThat(arrived("struck")).isEqualTo(1);
        } else if (cell.state() == Cell.State.MID_FLUSH) {
            assertThat(ledger.at("/lost/engine").asInt()).isEqualTo(1);
        }
    }

    private double arrived(String name) {
        return intake.countTotal(name);
    }

    private JsonNode balancedLedger() throws Exception {
        JsonNode ledger = new ObjectMapper().readTree(ledger(sandbox));
        long lost = 0;
        for (JsonNode reason : ledger.get("lost")) {
            lost += reason.asLong();
        }
        assertThat(ledger.get("received").asLong())
                .as(ledger.toString())
                .isEqualTo(ledger.get("delivered").asLong() + ledger.get("held").asLong() + lost);
        return ledger;
    }

    private String onlyLine(String part) {
        List<String> lines = matching(sandbox, part);
        assertThat(lines)
                .as("one line with '" + part + "' among " + sandbox.lines())
                .hasSize(1);
        return lines.getFirst();
    }
}
