package io.dogsled.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/** {@code dogsled replay} for tests of other rooms: a log whose dead letters are delivered. */
public final class Replayed {
    private Replayed() {}

    /**
     * Delivers the dead letters among the lines.
     *
     * @throws AssertionError with what the command said, unless all of them were whole and were taken
     */
    public static void at(String url, List<String> lines) throws IOException {
        Path log = Files.createTempFile("dogsled-replayed-", ".log");
        StringWriter said = new StringWriter();
        try {
            Files.write(log, lines);
            ReplayCommand replay = new ReplayCommand(Map.of("DD_API_KEY", "0123456789abcdef"), Duration.ofMillis(10));
            CommandLine command = Dogsled.commandLine(replay);
            command.setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
            int status = command.execute("replay", "--url", url, log.toString());
            if (status != CommandLine.ExitCode.OK) {
                throw new AssertionError("exit code " + status + ": " + said);
            }
        } finally {
            Files.delete(log);
        }
    }
}
