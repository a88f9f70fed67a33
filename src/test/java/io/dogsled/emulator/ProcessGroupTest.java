package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes: group, signals, output, environment, exit. */
class ProcessGroupTest {
    private final BlockingQueue<LogLine> lines = new LinkedBlockingQueue<>();
    private final Journal journal = new Journal(mark -> {}, line -> {});
    private ProcessGroup group = start(false, "sleep 30 & echo child $!; wait");

    @AfterEach
    void kill() {
        Signals.send("KILL", List.of(group.pid()));
    }

    @Test
    void theTrackedProcessLeadsAGroupOfItsOwn() throws IOException {
        long child = child();

        assertThat(processGroup(group.pid())).isEqualTo(group.pid());
        assertThat(processGroup(child)).isEqualTo(group.pid());
    }

    @Test
    void stopAndContinueReachTheWholeGroup() throws IOException {
        long child = child();

        Signals.send("STOP", List.of(group.pid()));
        awaitState(group.pid(), 'T');
        awaitState(child, 'T');
        Signals.send("CONT", List.of(group.pid()));
        awaitState(group.pid(), 'S');
        awaitState(child, 'S');
    }

    @Test
    void killEndsItWithTheSignalAsExitCode() {
        nextLine();
        Signals.send("KILL", List.of(group.pid()));

        assertThat(group.awaitExit(System.nanoTime() + TimeUnit.SECONDS.toNanos(8)))
                .isTrue();
        assertThat(group.exitCode()).isEqualTo(128 + 9);
    }

    @Test
    void outputComesLineByLineWithItsStream() {
        nextLine();
        kill();
        group = start(false, "echo out; echo err >&2");
        List<LogLine> both = List.of(next(), next());

        assertThat(both)
                .extracting(line -> line.source() + " " + line.stream() + " " + line.text())
                .containsExactlyInAnyOrder("log STDOUT out", "log STDERR err");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stdinIsClosedOrEmptyAndTheEnvironmentIsOnlyOurs(boolean closed) {
        nextLine();
        kill();
        group = start(closed, "test -e /proc/self/fd/0 && echo open || echo closed; env | sort | tr '\\n' ' '; echo");

        assertThat(nextLine()).isEqualTo(closed ? "closed" : "open");
        assertThat(nextLine().replaceAll("PWD=\\S+ |_=\\S+ |SHLVL=\\S+ ", ""))
                .isEqualTo("ONLY=ours PATH=/usr/bin:/bin ");
    }

    private ProcessGroup start(boolean closedStdin, String script) {
        ProcessGroup.Plan plan = new ProcessGroup.Plan(
                "name",
                "log",
                List.of("/bin/sh", "-c", script),
                Path.of("/"),
                Map.of("PATH", "/usr/bin:/bin", "ONLY", "ours"),
                closedStdin);
        try {
            return ProcessGroup.start(plan, journal, lines::add);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The pid that the first script tells. */
    private long child() {
        return Long.parseLong(nextLine().substring("child ".length()));
    }

    private String nextLine() {
        return next().text();
    }

    private LogLine next() {
        try {
            LogLine line = lines.poll(8, TimeUnit.SECONDS);
            return line == null ? new LogLine(0, "", LogLine.Stream.STDOUT, "") : line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Signals are delivered when the kernel gets to it. */
    private static void awaitState(long pid, char state) throws IOException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
        while (stat(pid)[0].charAt(0) != state && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertThat(stat(pid)[0]).as("state of process " + pid).isEqualTo(String.valueOf(state));
    }

    private static long processGroup(long pid) throws IOException {
        return Long.parseLong(stat(pid)[2]);
    }

    /** The fields of {@code /proc/pid/stat} after the name: state, parent, group … */
    private static String[] stat(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    }
}
