package io.dogsled.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * One process of the platform in a session and process group of its own, with its output read line by line.
 *
 * <p>{@code setsid} makes the group: it is not a group leader itself when Java starts it, so it does not fork but becomes the
 * shell, and the shell, which waits for a line before it sets up stdin, becomes the program: the pid that we track is the
 * program's, as on the platform. The wait takes what Java needs to start a process (some milliseconds, a helper among them) out
 * of the measured time: the mark is taken when the line is written, and what follows is nothing but the exec.
 */
final class ProcessGroup {
    private final String name;
    private final Process process;
    private final List<Thread> readers;

    private ProcessGroup(String name, Process process, List<Thread> readers) {
        this.name = name;
        this.process = process;
        this.readers = readers;
    }

    static ProcessGroup start(Plan plan, Journal journal, Consumer<LogLine> onLine) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(plan.wrapped()).directory(plan.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(plan.environment());
        Process process = builder.start();
        journal.mark(Mark.Kind.EXEC, plan.name(), Long.toString(process.pid()));
        try (OutputStream go = process.getOutputStream()) {
            go.write('\n');
        }
        List<Thread> readers = List.of(
                read(plan.logName(), LogLine.Stream.STDOUT, process.getInputStream(), onLine),
                read(plan.logName(), LogLine.Stream.STDERR, process.getErrorStream(), onLine));
        return new ProcessGroup(plan.name(), process, readers);
    }

    String name() {
        return name;
    }

    /** Pid of the program, and number of its group. */
    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Runs on a JDK thread when the process has ended; a signal counts as 128 and its number. */
    void onExit(IntConsumer listener) {
        var ignored = process.onExit().thenAccept(ended -> listener.accept(ended.exitValue()));
    }

    /**
     * True if it ended before the deadline, which is on the scale of {@link System#nanoTime()}. Its last words have been read
     * then, unless somebody else holds its output open for a second longer.
     */
    boolean awaitExit(long deadlineNs) {
        try {
            boolean ended = process.waitFor(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            for (Thread reader : ended ? readers : List.<Thread>of()) {
                reader.join(Duration.ofSeconds(1));
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Sum of the resident sets of all processes in the group. */
    long residentKb() {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> entry.getFileName().toString().matches("\\d+"))
                    .mapToLong(this::residentKbIfOurs)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private long residentKbIfOurs(Path entry) {
        try {
            String stat = Files.readString(entry.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // state, parent, group …; the resident set is the 24th field of the file, in pages of 4 KB
            return Long.parseLong(fields[2]) == pid() ? Long.parseLong(fields[21]) * 4 : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static Thread read(String source, LogLine.Stream stream, InputStream from, Consumer<LogLine> onLine) {
        return Thread.ofPlatform().daemon().name("output-" + source).start(() -> {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                String line = reader.readLine();
                while (line != null) {
                    onLine.accept(new LogLine(System.nanoTime(), source, stream, line));
                    line = reader.readLine();
                }
            } catch (IOException e) {
                // the process was killed and its pipe with it
            }
        });
    }

    /**
     * How to start a process.
     *
     * @param name in marks
     * @param logName in log lines
     */
    record Plan(
            String name,
            String logName,
            List<String> command,
            Path directory,
            Map<String, String> environment,
            boolean closedStdin) {

        List<String> wrapped() {
            String stdin = closedStdin ? "<&-" : "</dev/null";
            // a shell adds variables of its own, which would not be there on the platform
            String script = "read go; unset go PWD OLDPWD SHLVL; exec \"$@\" " + stdin;
            List<String> whole = new ArrayList<>(List.of("setsid", "/bin/sh", "-c", script, "sh"));
            whole.addAll(command);
            return whole;
        }
    }
}
