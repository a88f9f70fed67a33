package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.it.Packaged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged extension started as a plain process: for environments that the local Lambda would never give it. */
final class Launched implements AutoCloseable {
    private final Process process;
    private final Path output;
    private final long startedNs = System.nanoTime();

    /** Starts it with these variables and no others; without UDP and control port unless they say so. */
    Launched(Map<String, String> environment) {
        try {
            output = Files.createTempFile("dogsled-launched-", ".log");
            ProcessBuilder builder = new ProcessBuilder(
                            Packaged.layer().resolve("extensions/dogsled").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(Map.of("DD_DOGSTATSD_PORT", "0", "DD_DOGSLED_CONTROL_PORT", "0"));
            builder.environment().putAll(environment);
            process = builder.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for its end and returns the exit code; 128 + the signal if one ended it. */
    int exitCode() {
        try {
            assertThat(process.waitFor(Trial.LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("it ends")
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** How long it has been there. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNs);
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** Everything it wrote to stdout and stderr. */
    List<String> lines() {
        try {
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its engine goes with it. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try {
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
