package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make run} plays, as a process: the packaged layer, the real runtime client, the real StatsD client. */
@Timeout(120)
class StoryIT {
    @TempDir
    private Path folder;

    /** How a story ended and what it printed. */
    private record Told(int status, String text) {}

    @Test
    void everythingThatTheFunctionEmitsArrives() throws Exception {
        Told story = tell("--invokes", "4");

        assertThat(story.text())
                .contains("Everything that was emitted arrived, and the ledger balances.")
                .contains("shop.cold_starts")
                .doesNotContain(" NO\n");
        assertThat(story.status()).isZero();
    }

    @Test
    void anIntakeThatRefusesLosesByNameOnly() throws Exception {
        Told story = tell("--invokes", "2", "--fault", "503");

        assertThat(story.text()).contains("shutdown").contains("balances:");
        assertThat(story.status()).isEqualTo(3);
    }

    @Test
    void anIntakeThatRefusesForAWhileLosesNothing() throws Exception {
        Told story = tell("--invokes", "3", "--fault", "503x3");

        assertThat(story.text()).contains("Everything that was emitted arrived, and the ledger balances.");
        assertThat(story.status()).isZero();
    }

    @Test
    void anEventFileThatIsNotThereIsOneSentence() throws Exception {
        Told story = tell("--event", folder.resolve("none.json").toString());

        assertThat(story.text()).startsWith("There is no event file ").contains("none.json");
        assertThat(story.text().strip().lines())
                .as("the sentence and where to read more")
                .hasSizeLessThan(3);
        assertThat(story.status()).isEqualTo(2);
    }

    private Told tell(String... options) throws IOException, InterruptedException {
        Path output = folder.resolve("story");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                Packaged.file("dogsled-tools.jar").toString(),
                "emulate",
                "--layer",
                Packaged.layer().toString(),
                "--function",
                Packaged.file("dogsled-sample.jar").toString()));
        Stream.of(options).forEach(command::add);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        return new Told(process.exitValue(), Files.readString(output));
    }
}
