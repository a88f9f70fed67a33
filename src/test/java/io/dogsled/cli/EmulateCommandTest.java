package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Wrong use ends with 2 and one sentence that says what to do; nothing is started. */
class EmulateCommandTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aMissingLayerSaysHowToGetOne() {
        assertThat(run("--layer", folder.toString()))
                .isEqualTo("2 There is no layer in " + folder
                        + ": run \"make layer\" first, or name another folder with --layer.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--event nowhere.json | There is no event file nowhere.json.",
                "--invokes 0          | --invokes must be from 1 to 10000, not 0.",
                "--latency fast       | --latency: \"fast\" is not a duration; write 200ms, 1s or 1m.",
                "--freeze 3           | --freeze: \"3\" is not a duration; write 200ms, 1s or 1m.",
                "--log no/such/x.log  | --log: the file no/such/x.log cannot be written.",
                "--mode lambda        | --mode must be production, provisioned-concurrency, snap-start, rie or managed,"
                        + " not \"lambda\".",
                "--env AWS_LAMBDA_INITIALIZATION_TYPE=snap-start | AWS_LAMBDA_INITIALIZATION_TYPE is the platform's to set:"
                        + " use --mode snap-start or provisioned-concurrency.",
            })
    void aBadKnobIsNamed(String options, String sentence) throws IOException {
        Files.createDirectories(folder.resolve("extensions"));
        Stream<String> given = Stream.of(options.split(" ", -1));
        Stream<String> always = Stream.of("--layer", folder.toString());

        assertThat(run(Stream.concat(always, Stream.concat(given, Stream.of("--", "true")))
                        .toArray(String[]::new)))
                .isEqualTo("2 " + sentence);
    }

    @Test
    void anEventFileMustBeJson() throws IOException {
        Files.createDirectories(folder.resolve("extensions"));
        Path event = Files.writeString(folder.resolve("event.json"), "{\"a\":");

        assertThat(run("--layer", folder.toString(), "--event", event.toString(), "--", "true"))
                .startsWith("2 The event file " + event + " is not JSON: ");
    }

    @Test
    void theEventsInAFunctionsJarTakeTurnsByName() throws IOException {
        Path sample = folder.resolve("function.jar");
        try (var jar = new JarOutputStream(Files.newOutputStream(sample))) {
            for (String name : List.of("a/events/second.json", "a/events/first.json", "a/other.json")) {
                jar.putNextEntry(new JarEntry(name));
                jar.write("{}".getBytes(StandardCharsets.UTF_8));
            }
        }

        assertThat(StoryEvents.in(sample))
                .extracting(StoryPlan.NamedEvent::name)
                .containsExactly("first", "second");
    }

    /** Exit code and first line of stderr. */
    private static String run(String... options) {
        StringWriter err = new StringWriter();
        CommandLine line = Dogsled.commandLine().setErr(new PrintWriter(err, true));
        String[] whole = Stream.concat(Stream.of("emulate"), Stream.of(options)).toArray(String[]::new);
        int code = line.execute(whole);
        return code + " " + err.toString().lines().findFirst().orElse("");
    }
}
