package io.dogsled.it.walk;

import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code dogsled replay} as a process, on the log of a sandbox as CloudWatch would export it. */
final class Replay {
    private Replay() {}

    /** The sandbox's whole log with a time before each line. */
    static Path export(Sandbox sandbox, Path file) throws IOException {
        return Files.writeString(
                file,
                sandbox.lines().stream()
                        .map(LogLine::text)
                        .map(line -> Instant.now() + " " + line + "\n")
                        .collect(Collectors.joining()));
    }

    /** Replays a log into an intake; what it said. */
    static Result into(TestServer intake, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.dogsled.cli.Dogsled",
                "replay",
                "--url",
                intake.url(),
                log.toString());
        builder.environment().put("DD_API_KEY", "0123456789abcdef");
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("replay does not end; it said " + said);
        }
        return new Result(process.exitValue(), said);
    }

    /** How it ended. */
    record Result(int exitCode, String said) {}
}
