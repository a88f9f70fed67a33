package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exit codes that the help promises. */
class VerdictTest {
    private static final Ledger CLEAN = new Ledger(5, 5, 0, 3, 0, Map.of(), Map.of(), 0);
    private static final Ledger LOST = new Ledger(5, 3, 0, 0, 0, Map.of("shutdown", 2L), Map.of(), 0);
    private static final Ledger WRONG = new Ledger(5, 3, 0, 0, 0, Map.of("shutdown", 1L), Map.of(), 0);

    @Test
    void allWellIsZero() {
        assertThat(exit(CLEAN, true, 5)).isZero();
        assertThat(exit(CLEAN, true, -1)).as("a function that does not tell").isZero();
    }

    @Test
    void aNamedLossIsThree() {
        assertThat(exit(LOST, false, 5)).isEqualTo(3);
        assertThat(exit(LOST, true, 5))
                .as("a lost gauge that a later one covers")
                .isEqualTo(3);
    }

    @Test
    void whatNobodyNamesIsOne() {
        assertThat(exit(CLEAN, false, 5)).as("different without a loss").isEqualTo(1);
        assertThat(exit(CLEAN, true, 6)).as("a sample that never got there").isEqualTo(1);
        assertThat(exit(WRONG, false, 5)).as("does not balance").isEqualTo(1);
        assertThat(Verdict.of(Optional.empty(), true, true, 5).exitCode()).isEqualTo(1);
        assertThat(Verdict.of(Optional.of(CLEAN), false, true, 5).exitCode()).isEqualTo(1);
    }

    @Test
    void moreThanTheFunctionReportsIsNoLoss() {
        Verdict verdict = Verdict.of(Optional.of(CLEAN), true, true, 2);

        assertThat(verdict.exitCode()).isZero();
        assertThat(verdict.sentence())
                .isEqualTo("The function reported 2 of the 5 samples that the extension received; "
                        + "what it reported arrived, and the ledger balances.");
        assertThat(exit(CLEAN, false, 2))
                .as("but what it reported is different")
                .isEqualTo(1);
        assertThat(exit(LOST, true, 2)).as("but the ledger names a loss").isEqualTo(3);
    }

    @Test
    void ofAFunctionThatListsNothingOnlyTheLedgerIsJudged() {
        for (int listed : new int[] {-1, 0}) {
            Verdict verdict = Verdict.of(Optional.of(CLEAN), true, true, listed);

            assertThat(verdict.exitCode()).isZero();
            assertThat(verdict.sentence())
                    .isEqualTo("The function listed nothing as emitted, so only the ledger was judged: "
                            + "it balances, and names nothing as lost, of 5 samples.");
            assertThat(exit(LOST, true, listed)).as("the ledger names a loss").isEqualTo(3);
            assertThat(exit(WRONG, true, listed)).as("it does not balance").isEqualTo(1);
        }
    }

    @Test
    void everythingArrivedIsOnlySaidOfWhatWasListed() {
        assertThat(Verdict.of(Optional.of(CLEAN), true, true, 5).sentence())
                .isEqualTo("Everything that was emitted arrived, and the ledger balances.");
    }

    @Test
    void theExitStatusIsSaidInWords() {
        assertThat(Verdict.of(Optional.of(LOST), true, false, 5).meaning())
                .isEqualTo("Exit status 3: something is missing or there twice, and the ledger names it "
                        + "(make turns it into its own 2).");
    }

    private static int exit(Ledger ledger, boolean equal, int emitted) {
        return Verdict.of(Optional.of(ledger), true, equal, emitted).exitCode();
    }
}
