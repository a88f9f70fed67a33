package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Invocation.Outcome;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A number stands only for what was measured. */
class InvocationRowTest {
    private static final long MS = 1_000_000;

    @Test
    void aCrashIsNamedAndHasDashesForWhatNeverHappened() {
        InvocationRow row = row(Outcome.CRASH, new Invocation.Times(5 * MS, 0, 0, 7 * MS, 400 * MS));

        assertThat(row.text(2, "e", "nothing").strip().split(" +"))
                .containsExactly("2", "e", "-", "-", "-", "crashed;", "nothing");
        assertThat(row.runtimeEnd(Instant.EPOCH, 0)).isEmpty();
    }

    @Test
    void anOrdinaryOneHasItsTimes() {
        InvocationRow row = row(Outcome.SUCCESS, new Invocation.Times(5 * MS, 15 * MS, 16 * MS, 17 * MS, 20 * MS));

        assertThat(row.text(2, "e", "nothing")).endsWith("    10.0 ms     4.0 ms      3.0 ms  nothing");
        assertThat(row.runtimeEnd(Instant.EPOCH, 6 * MS)).contains(Instant.ofEpochMilli(10));
    }

    private static InvocationRow row(Outcome outcome, Invocation.Times times) {
        return new InvocationRow(new Invocation.Result("id", outcome, "", "", false, times));
    }
}
