package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command as a process of its own, ended as a shell or {@code make} ends it. */
final class TestServerCommandIT {

    /** SIGINT takes the same way, but a JVM started in the background of a shell without job control ignores it. */
    @Test
    @Timeout(60)
    void aSignalEndsItWithASummaryAndExitCode0() throws Exception {
        Process server = start();
        try (BufferedReader out = server.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).contains("Dogsled test server on http://127.0.0.1:");
            server.toHandle().destroy(); // SIGTERM; Process.destroy would close the streams too
            assertThat(out.lines().collect(Collectors.joining("\n"))).contains("0 requests: 0 accepted");
            assertThat(server.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(server.exitValue()).isZero();
        } finally {
            server.destroyForcibly();
        }
    }

    private static Process start() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String classPath = System.getProperty("java.class.path");
        return new ProcessBuilder(
                        java.toString(), "-cp", classPath, "io.dogsled.cli.Dogsled", "testserver", "--port", "0")
                .redirectErrorStream(true)
                .start();
    }
}
