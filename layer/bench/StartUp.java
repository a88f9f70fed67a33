import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Dogsled costs the function: {@code java -cp dogsled-tools.jar StartUp.java target rounds}.
 *
 * <p>Starts the layer, and beside it in turns the same launcher with an empty JVM under the same flags and an AOT cache of
 * its own; then plays invocations of the sample function against an intake without latency. Times are the launcher's own,
 * from its first instruction, on one monotonic clock; the two kinds of start take turns, so that a noisy machine hurts both.
 */
final class StartUp {
    private static final int INVOCATIONS = 100;
    private static final int CONTEXTS = 10_000;
    private static final int LARGE_BUFFER = 4 << 20;
    /** What an engine does after ready is over by then. */
    private static final int SETTLE_MS = 200;
    private static final Pattern REGISTERED = Pattern.compile("registered ([0-9.]+) ms after exec");
    private static final Pattern NEXT = Pattern.compile("first /next ([0-9.]+) ms after exec");
    private static final Pattern READY = Pattern.compile("engine ready ([0-9.]+) ms after exec");
    private static final Pattern CPU = Pattern.compile("engine ready .*, ([0-9.]+) ms of CPU");

    private StartUp() {}

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]);
        Emulator.warmUp();
        Optional<Group> first = Group.first();
        System.out.println("launcher and engine: " + first.map(Group::toString).orElse("no control group"));
        Share layer = Share.first(first, target.resolve("layer"), target.resolve("bench/first"));
        Share empty = Share.first(first, target.resolve("bench/layer"), target.resolve("bench/first-empty"));
        starts(new Starts(layer.layer()), new Starts(empty.layer()), Integer.parseInt(args[1]));
        layer.close();
        story(target);
        contexts(target);
        size(target);
    }

    private static void starts(Starts engine, Starts empty, int rounds) throws Exception {
        engine.once();
        empty.once();
        engine.forget();
        empty.forget();
        for (int i = 0; i < rounds; i++) {
            engine.once();
            empty.once();
        }
        row("", "p50", "p95", "unit");
        row("exec to registered", engine.registered, "ms");
        row("exec to first /next", engine.next, "ms");
        row("exec to engine ready", engine.ready, "ms");
        row("the same, empty JVM", empty.ready, "ms");
        ratio("engine / empty JVM, wall", engine.ready, empty.ready);
        row("CPU until engine ready", engine.cpu, "ms");
        row("the same, empty JVM", empty.cpu, "ms");
        ratio("engine / empty JVM, CPU", engine.cpu, empty.cpu);
        row("RSS, process tree, idle", engine.idle, "MB");
        row("the same, empty JVM", empty.idle, "MB");
    }

    private static void story(Path target) throws IOException {
        List<Double> afterRuntimeDone = new ArrayList<>();
        try (TestServer intake = TestServer.newTestServer();
                Sandbox sandbox = Emulator.newEmulator()
                        .layer(target.resolve("layer"))
                        .javaFunction(
                                target.resolve("runtime-client"),
                                target.resolve("dogsled-sample.jar"),
                                "io.dogsled.sample.SampleHandler")
                        .variable("DD_API_KEY", "bench")
                        .variable("DD_DD_URL", intake.url())
                        .variable("DD_SERVERLESS_FLUSH_STRATEGY", "end") // adaptive would stop holding them
                        .variable("DD_DOGSTATSD_PORT", freeUdpPort())
                        .variable("DD_DOGSLED_CONTROL_PORT", "0")
                        .start()) {
            sandbox.init();
            List<Path> events;
            try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/dogsled/sample/events"))) {
                events = files.sorted().toList();
            }
            for (int i = 0; i < INVOCATIONS; i++) {
                Invocation.Times times =
                        sandbox.invoke(Files.readString(events.get(i % events.size()))).times();
                afterRuntimeDone.add((times.finishedNs() - times.runtimeDoneSentNs()) / 1e6);
            }
            double megabytes = sandbox.residentKb("dogsled") / 1024.0;
            sandbox.shutdown();
            row("runtimeDone sent to next poll", afterRuntimeDone.subList(0, 12), "ms, invocations 1 to 12");
            row("the same, warm", afterRuntimeDone.subList(INVOCATIONS / 2, INVOCATIONS), "ms, invocations 51 to 100");
            System.out.printf(Locale.ROOT, "%-32s %8.1f %8s MB%n", "RSS, after " + INVOCATIONS + " invocations", megabytes, "");
            System.out.println("intake: " + intake.statusLine());
            if (intake.accepted() == 0) {
                throw new IllegalStateException("nothing was delivered, so the figures above say nothing");
            }
        }
    }

    /** The largest that launcher and engine are together while 10,000 contexts are received, encoded and sent. */
    private static void contexts(Path target) throws Exception {
        List<Double> peaks = new ArrayList<>();
        try (Tools tools = new Tools(target.resolve("bench/load"))) {
            for (int i = 0; i < 3; i++) {
                try (Layer run = Layer.start(tools, target.resolve("layer"), LARGE_BUFFER)) {
                    for (int warm = 0; warm < 3; warm++) {
                        run.invoke(() -> tools.send(run.port(), 100, 1, 10, 1));
                    }
                    run.forgetPeak();
                    run.invoke(() -> tools.send(run.port(), 1_000, 20, CONTEXTS / 20, CONTEXTS));
                    peaks.add(run.peakMb());
                    run.check();
                }
            }
        }
        row("the same, 10,000 contexts, peak", peaks, "MB");
    }

    private static void ratio(String what, List<Double> one, List<Double> other) {
        System.out.printf(Locale.ROOT, "%-32s %8.2f%n", what, p(one, 50) / p(other, 50));
    }

    /** Another server on this machine may have 8125. */
    private static String freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private static void size(Path target) throws IOException {
        try (Stream<Path> files = Files.list(target)) {
            Path zip = files.filter(file -> file.toString().endsWith(".zip")).findFirst().orElseThrow();
            System.out.printf(Locale.ROOT, "%-32s %8.1f %8s MB%n", "layer zip", Files.size(zip) / 1e6, "");
        }
    }

    private static void row(String what, List<Double> values, String unit) {
        System.out.printf(Locale.ROOT, "%-32s %8.1f %8.1f %s%n", what, p(values, 50), p(values, 95), unit);
    }

    private static void row(String what, String median, String late, String unit) {
        System.out.printf("%-32s %8s %8s %s%n", what, median, late, unit);
    }

    private static double p(List<Double> values, int percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    /** The starts of one layer, without a function. */
    private static final class Starts {
        private final List<Double> registered = new ArrayList<>();
        private final List<Double> next = new ArrayList<>();
        private final List<Double> ready = new ArrayList<>();
        private final List<Double> cpu = new ArrayList<>();
        private final List<Double> idle = new ArrayList<>();
        private final Path layer;

        Starts(Path layer) {
            this.layer = layer;
        }

        void forget() {
            registered.clear();
            next.clear();
            ready.clear();
            cpu.clear();
            idle.clear();
        }

        void once() throws Exception {
            try (Sandbox sandbox = Emulator.newEmulator()
                    .layer(layer)
                    .variable("DD_API_KEY", "bench")
                    .variable("DD_DD_URL", "http://127.0.0.1:9")
                    .variable("DD_LOG_LEVEL", "debug")
                    .variable("DD_DOGSTATSD_PORT", freeUdpPort())
                    .variable("DD_DOGSLED_CONTROL_PORT", "0")
                    .freeze(false)
                    .start()) {
                Thread init = Thread.ofVirtual().start(sandbox::init);
                ready.add(await(sandbox, READY));
                registered.add(await(sandbox, REGISTERED));
                next.add(await(sandbox, NEXT));
                cpu.add(await(sandbox, CPU));
                Thread.sleep(SETTLE_MS);
                idle.add(sandbox.residentKb("dogsled") / 1024.0);
                init.interrupt();
            }
        }

        private static double await(Sandbox sandbox, Pattern line) throws InterruptedException {
            for (int i = 0; i < 20_000; i++) {
                for (LogLine said : sandbox.lines()) {
                    Matcher found = line.matcher(said.text());
                    if (found.find()) {
                        return Double.parseDouble(found.group(1));
                    }
                }
                Thread.sleep(1);
            }
            throw new IllegalStateException("not said within 20 s: " + line + "; but " + sandbox.lines());
        }
    }
}
