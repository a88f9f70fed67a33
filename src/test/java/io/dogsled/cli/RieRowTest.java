package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as the emulator in aws-sam-cli 1.170.0 wrote them: an invocation with its Init and one that crashed. */
class RieRowTest {
    private static final List<String> COLD = List.of(
            "21 Nov 2026 19:15:23,752 [INFO] (rapid) INIT REPORT(durationMs: 207.674000)",
            "21 Nov 2026 19:15:23,758 [INFO] (rapid) INVOKE RTDONE(status: success, produced bytes: 0, duration: 6.106000ms)",
            "REPORT RequestId: 8b39\tInit Duration: 0.78 ms\tDuration: 216.06 ms\tBilled Duration: 217 ms\tMemory Size: 3008 MB");
    private static final String RESET = "21 Nov 2026 19:15:23,828 [WARNING] (rapid) Reset initiated: ReleaseFail";
    private static final RieProcess.Answer ANSWER = new RieProcess.Answer(200, "{}", 220.25);

    @Test
    void whatTheExtensionHeldIsTheReportWithoutInitAndRuntime() throws InterruptedException {
        RieRow row = new RieRow();
        COLD.forEach(row::takes);

        assertThat(row.await(0)).isTrue();
        assertThat(row.coldStart()).isTrue();
        assertThat(row.heldMs().orElseThrow()).isBetween(2.27, 2.29);
        assertThat(row.text("a", ANSWER, "nothing").split(" +"))
                .containsExactly("cold:", "a", "220.3", "ms", "6.1", "ms", "2.3", "ms", "nothing");
    }

    @Test
    void aCrashIsNamedAndHasDashesForWhatNeverHappened() throws InterruptedException {
        RieRow row = new RieRow();
        row.takes(RESET);

        assertThat(row.await(0)).isTrue();
        assertThat(row.heldMs()).isEmpty();
        assertThat(row.text("a", ANSWER, "nothing").split(" +"))
                .containsExactly("a", "220.3", "ms", "-", "-", "ReleaseFail;", "nothing");
    }

    @Test
    void whatIsNotOverIsNotToldAsOver() throws InterruptedException {
        RieRow row = new RieRow();
        row.takes(COLD.getFirst());

        assertThat(row.await(1)).isFalse();
    }

    @Test
    void itsOwnLinesAreTold() {
        assertThat(COLD).allMatch(RieLog::own);
        assertThat(RieLog.own(RESET)).isTrue();
        assertThat(RieLog.own("START RequestId: 8b39 Version: $LATEST")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"START of the day", "[WARN] DOGSLED: no key", "21 Nov 2026 was a Saturday", ""})
    void linesOfTheFunctionAndOfTheExtensionAreShown(String line) {
        assertThat(RieLog.own(line)).isFalse();
    }
}
