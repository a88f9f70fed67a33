package io.dogsled.exact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A failure is worth what its smallest program is: nothing may be left in it that is not needed. */
class ShrinkerTest {
    @Test
    void onlyWhatMakesItFailIsLeft() {
        Program big = Program.random(7, 400, "resend");
        Program planted = Program.parse(big + "send m0:1:2:3|c|@0.5|#a,b\\nm1:1|g\nclock +12\nflush\ndeliver k5k");

        Program smallest = Shrinker.shrink(planted, ShrinkerTest::hasALineThenAFlushThenADelay);

        assertThat(smallest.steps()).hasSize(3);
        assertThat(smallest.steps().get(0)).matches("send [mn]\\d:[^:|]+\\|\\w+");
        assertThat(smallest.steps().get(1)).isEqualTo("flush");
        assertThat(smallest.steps().get(2)).isEqualTo("deliver 5");
    }

    @Test
    void aProgramIsItsText() {
        Program program = Program.random(3, 200, "lossy");
        assertThat(Program.parse(program.toString())).isEqualTo(program);
        assertThat(program.steps()).hasSize(200);
    }

    @Test
    void theSameSeedIsTheSameProgram() {
        assertThat(Program.random(3, 200, "drop")).isEqualTo(Program.random(3, 200, "drop"));
        assertThat(Program.random(3, 200, "drop")).isNotEqualTo(Program.random(4, 200, "drop"));
    }

    private static boolean hasALineThenAFlushThenADelay(Program program) {
        boolean sent = false;
        boolean flushed = false;
        boolean delayed = false;
        for (String step : program.steps()) {
            sent |= step.matches("send .*[mn]\\d:[^|]+\\|(c|g|h|ms|s|d).*");
            flushed |= sent && step.equals("flush");
            delayed |= flushed && step.startsWith("deliver") && step.contains("5");
        }
        return delayed;
    }
}
