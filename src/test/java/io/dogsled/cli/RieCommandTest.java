package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Wrong use ends with 2 and one sentence, a program that is no emulator with 1; the real one is played by .ci/rie. */
class RieCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--invokes 0             | --invokes must be from 1 to 10000, not 0.",
                "--timeout soon          | --timeout: \"soon\" is not a duration; write 200ms, 1s or 1m.",
                "--timeout 1500ms        | --timeout must be whole seconds, not 1500ms.",
                "--timeout 0s            | --timeout must be whole seconds, not 0s.",
                "--function nowhere.jar  | There is no function jar nowhere.jar.",
            })
    void aBadKnobIsNamed(String options, String sentence) throws IOException {
        assertThat(run(program("exit 0"), options.split(" ", -1))).isEqualTo("2 " + sentence);
    }

    @Test
    void anEmulatorThatIsNotThereIsNamed() throws IOException {
        Path nowhere = folder.resolve("aws-lambda-rie");

        assertThat(run(nowhere)).isEqualTo("2 There is no program " + nowhere + ".");
    }

    @Test
    void anEmulatorThatEndsAtOnceIsOneSentence() throws IOException {
        assertThat(run(program("exit 3"), "--", "true"))
                .startsWith("1 The emulator does not listen on port ")
                .endsWith("; its lines are above.");
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return program;
    }

    /** Exit code and first line of stderr. */
    private static String run(Path emulator, String... options) {
        StringWriter err = new StringWriter();
        CommandLine line =
                Dogsled.commandLine().setErr(new PrintWriter(err, true)).setOut(new PrintWriter(new StringWriter()));
        String[] all = Stream.concat(Stream.of("rie", "--emulator", emulator.toString()), Stream.of(options))
                .toArray(String[]::new);
        int exit = line.execute(all);
        return exit + " " + err.toString().lines().findFirst().orElse("");
    }
}
