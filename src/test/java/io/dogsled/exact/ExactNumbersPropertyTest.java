package io.dogsled.exact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an intake shows in the end is what was sent, whatever flushes, deliveries and clocks do in between.
 *
 * <p>{@code -Ddogsled.steps=} sets how many steps ({@code make nightly}: a million), {@code -Ddogsled.seed=} replays a run,
 * {@code -Ddogsled.program=file} plays one program, as a failure prints it.
 */
class ExactNumbersPropertyTest {
    private static final int STEPS = Integer.getInteger("dogsled.steps", 100_000);
    private static final int LONGEST = 600;

    @ParameterizedTest
    @ValueSource(strings = {"resend", "drop", "twice", "lossy", "lossy-drop"})
    @Timeout(3_600)
    void theIntakeShowsWhatWasSent(String policy) {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        Random lengths = new Random(seed);
        int steps = 0;
        for (long run = seed; steps < STEPS / 5; run++) {
            Program program = Program.random(run, 1 + lengths.nextInt(LONGEST), policy);
            steps += program.steps().size();
            String fault = Machine.fault(program);
            assertThat(fault)
                    .withFailMessage(() -> explained(program, fault, "-Ddogsled.seed=" + seed))
                    .isEmpty();
        }
    }

    @Test
    void aSavedProgramPlaysAlone() throws IOException {
        String file = System.getProperty("dogsled.program", "");
        Program program =
                file.isEmpty() ? Program.random(1, 50, "resend") : Program.parse(Files.readString(Path.of(file)));
        assertThat(Machine.fault(Program.parse(program.toString()))).isEmpty();
    }

    private static String explained(Program failing, String fault, String replay) {
        Program smallest =
                Shrinker.shrink(failing, candidate -> !Machine.fault(candidate).isEmpty());
        return fault + "\nreplay all of it with " + replay + ", or the smallest that fails, "
                + smallest.steps().size() + " of " + failing.steps().size()
                + " steps, from a file with -Ddogsled.program=FILE:\n\n" + smallest + "\n" + Machine.fault(smallest)
                + "\n";
    }
}
