import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The programs in {@code load.c}, and which core each side of a measurement has: the sender the first, the receiver the last. */
final class Tools implements AutoCloseable {
    private final Optional<Group> group = Group.first();
    private final String program;
    private final int senderCore;
    private final int receiverCore;

    Tools(Path program) {
        this.program = program.toAbsolutePath().toString();
        this.senderCore = 0;
        this.receiverCore = Runtime.getRuntime().availableProcessors() - 1;
    }

    /** What a sender got rid of, and how fast. */
    record Sent(long datagrams, double seconds) {
        double perSecond() {
            return datagrams / seconds;
        }
    }

    /** Sends {@code count} datagrams that take turns through {@code contexts}; {@code perSecond} 0 = as fast as it can. */
    Sent send(int port, int perSecond, int lines, int count, int contexts) throws IOException, InterruptedException {
        Map<String, Long> said = run(
                "send",
                "port=" + port,
                "rate=" + perSecond,
                "lines=" + lines,
                "count=" + count,
                "contexts=" + contexts,
                "cpu=" + senderCore);
        return new Sent(said.get("sent"), said.get("ns") / 1e9);
    }

    /** Ten seconds of 10,000 datagrams of 20 lines a second, those of {@code tickUs} together. */
    Sent steady(int port, int tickUs) throws IOException, InterruptedException {
        Map<String, Long> said = run(
                "send", "port=" + port, "rate=10000", "count=100000", "lines=20", "tick_us=" + tickUs, "cpu=" + senderCore);
        return new Sent(said.get("sent"), said.get("ns") / 1e9);
    }

    /** CPU of these processes since they began. */
    long cpuNs(List<Long> pids) throws IOException, InterruptedException {
        return run(pids, "cpu").get("cpu_ns");
    }

    /** Gives these processes the receiver's core and no other. */
    void pin(List<Long> pids) throws IOException, InterruptedException {
        run(pids, "pin", Integer.toString(receiverCore));
        for (long pid : pids) {
            first(pid);
        }
    }

    /** Stops these processes half of the time until it is closed. */
    AutoCloseable halve(List<Long> pids) throws IOException {
        Process process = new ProcessBuilder(command(pids, "halve")).redirectErrorStream(true).start();
        return new AutoCloseable() {
            @Override
            public void close() throws Exception {
                process.getOutputStream().close();
                process.waitFor();
            }

            @Override
            public String toString() {
                return "SIGSTOP and SIGCONT, 50 ms each";
            }
        };
    }

    Bare receiver(int buffer) throws IOException {
        Process process = new ProcessBuilder(program, "receive", "buffer=" + buffer, "cpu=" + receiverCore)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        first(process.pid());
        return new Bare(process);
    }

    @Override
    public void close() throws IOException {
        if (group.isPresent()) {
            group.get().close();
        }
    }

    @Override
    public String toString() {
        return "cores " + senderCore + " and " + receiverCore + ", " + group.map(Group::toString).orElse("no control group");
    }

    private void first(long pid) throws IOException {
        if (group.isPresent()) {
            group.get().add(pid);
        }
    }

    private Map<String, Long> run(List<Long> pids, String... arguments) throws IOException, InterruptedException {
        return run(command(pids, arguments).subList(1, 1 + arguments.length + pids.size()).toArray(new String[0]));
    }

    private Map<String, Long> run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (arguments[0].equals("send")) {
            first(process.pid());
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed");
        }
        return pairs(said);
    }

    private List<String> command(List<Long> pids, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        pids.forEach(pid -> command.add(pid.toString()));
        return command;
    }

    private static Map<String, Long> pairs(String line) {
        Map<String, Long> pairs = new HashMap<>();
        for (String pair : line.strip().split("[ \\n]+")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
            }
        }
        return pairs;
    }

    /** The bare receiver: recv(2) and a count. */
    static final class Bare implements AutoCloseable {
        private final Process process;
        private final BufferedReader output;
        private final int port;

        private Bare(Process process) throws IOException {
            this.process = process;
            this.output = new BufferedReader(
                    new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            this.port = pairs(output.readLine()).get("port").intValue();
        }

        int port() {
            return port;
        }

        /** Lets it read what is still in its socket and tell. */
        Received end() throws IOException, InterruptedException {
            process.getOutputStream().close();
            Map<String, Long> said = pairs(output.readLine());
            process.waitFor();
            return new Received(said.get("received"), said.get("cpu_ns"), said.get("kernel_dropped"));
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    record Received(long received, long cpuNs, long kernelDropped) {}
}
