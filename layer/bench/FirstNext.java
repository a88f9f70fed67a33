import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.JavaRuntime;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The first {@code /next}, at once or after a bounded wait for the engine's {@code ready}: what the function feels.
 * {@code java -cp dogsled-tools.jar FirstNext.java target rounds cores languages}.
 *
 * <p>Plays cold start and first invocation in the local Lambda, extension and function together in one control group with the
 * share of a core that a small sandbox has. The layers under {@code target/bench/first-next}, one per longest wait in
 * milliseconds, take turns within a round, so that a noisy machine hurts all. Languages: java is the sample with AWS's runtime
 * client; python and node run their runtimes' clients if {@code PYTHON_RIC} or {@code NODE_RIC} say where these are, else a
 * minimal loop over the Runtime API, which starts faster than the real ones.
 */
final class FirstNext {
    private static final Path EVENT = Path.of("src/main/resources/io/dogsled/sample/events/order-created.json");

    private static final Path FUNCTIONS = Path.of("layer/bench/functions").toAbsolutePath();

    private final Path target;
    private final Path unpacked;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private FirstNext(Path target) throws IOException {
        this.target = target;
        this.unpacked = Files.createTempDirectory("dogsled-first-next");
    }

    public static void main(String[] args) throws Exception {
        FirstNext bench = new FirstNext(Path.of(args[0]).toAbsolutePath());
        int rounds = Integer.parseInt(args[1]);
        List<Path> layers;
        try (Stream<Path> folders = Files.list(bench.target.resolve("bench/first-next"))) {
            layers = folders.sorted((a, b) -> Integer.compare(waitMs(a), waitMs(b))).toList();
        }
        Emulator.warmUp();
        System.out.println("cores  function  longest wait   init ms  first answer ms  function ms  held after ms  until done ms  delivered");
        for (String cores : (args[2].isEmpty() ? "0.07,0.25,1" : args[2]).split(",")) {
            for (String language : (args[3].isEmpty() ? "java,python,node" : args[3]).split(",")) {
                bench.compare(layers, Double.parseDouble(cores), language, rounds);
            }
        }
    }

    private void compare(List<Path> layers, double cores, String language, int rounds) throws Exception {
        Map<Path, List<Start>> starts = new LinkedHashMap<>();
        layers.forEach(layer -> starts.put(layer, new ArrayList<>()));
        once(layers.getFirst(), 1, language); // its files are read once
        for (int i = 0; i < rounds; i++) {
            for (int turn = 0; turn < layers.size(); turn++) {
                Path layer = layers.get((i + turn) % layers.size());
                starts.get(layer).add(once(layer, cores, language));
            }
        }
        for (Path layer : layers) {
            List<Start> all = starts.get(layer);
            System.out.printf(
                    Locale.ROOT,
                    "%5.2f  %-8s %10d ms  %s  %s  %s  %s  %s  %6d/%d%n",
                    cores,
                    language,
                    waitMs(layer),
                    median(all, 0, 8),
                    median(all, 1, 15),
                    median(all, 2, 11),
                    median(all, 3, 13),
                    median(all, 4, 13),
                    all.stream().filter(Start::delivered).count(),
                    all.size());
        }
    }

    private Start once(Path layer, double cores, String language) throws Exception {
        Optional<Group> group = Group.quota(cores);
        try (TestServer intake = TestServer.newTestServer();
                Sandbox sandbox = emulator(layer, language, intake, group.orElseThrow()).start()) {
            Sandbox.InitReport init = sandbox.init();
            Invocation.Result result = sandbox.invoke(Files.readString(EVENT));
            boolean delivered = intake.intake().counts().stream()
                    .anyMatch(count -> count.context().metric().equals("shop.orders.placed"));
            if (!init.ok() || result.outcome() != Invocation.Outcome.SUCCESS) {
                throw new IllegalStateException(init + " " + result + " " + sandbox.lines());
            }
            long execNs = sandbox.marks(Mark.Kind.EXEC, "dogsled").getFirst().atNs();
            long initNs = sandbox.marks(Mark.Kind.INIT_DONE, "platform").getFirst().atNs();
            Invocation.Times times = result.times();
            return new Start(
                    new double[] {
                        (initNs - execNs) / 1e6,
                        (times.respondedNs() - execNs) / 1e6,
                        times.function().toNanos() / 1e6,
                        times.afterRuntime().toNanos() / 1e6,
                        (times.finishedNs() - execNs) / 1e6
                    },
                    delivered);
        } finally {
            close(group.orElseThrow());
        }
    }

    /** What was killed leaves its group a little later, the more so with a small share of a core. */
    private static void close(Group group) throws IOException, InterruptedException {
        for (int i = 0; ; i++) {
            try {
                group.close();
                return;
            } catch (IOException busy) {
                if (i == 500) {
                    throw busy;
                }
                Thread.sleep(10);
            }
        }
    }

    private Emulator emulator(Path layer, String language, TestServer intake, Group group) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "echo $$ >\"$BENCH_GROUP\"; export _HANDLER=handler.handler; exec \"$0\" \"$@\""));
        command.addAll(command(language));
        return Emulator.newEmulator()
                .layer(layer)
                .runtime(command)
                .timeout(Duration.ofSeconds(60))
                .initTimeout(Duration.ofSeconds(60))
                .taskRoot(FUNCTIONS)
                .variable("PYTHONPATH", FUNCTIONS.toString())
                .variable("PYTHONDONTWRITEBYTECODE", "1")
                .variable("BENCH_GROUP", group.file().toString())
                .variable("DD_API_KEY", "bench")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", Integer.toString(freeUdpPort()))
                .variable("DD_DOGSLED_CONTROL_PORT", "0");
    }

    private List<String> command(String language) {
        return commands.computeIfAbsent(language, name -> switch (name) {
            case "java" ->
                new JavaRuntime(
                                target.resolve("runtime-client"),
                                target.resolve("dogsled-sample.jar"),
                                "io.dogsled.sample.SampleHandler")
                        .command(unpacked);
            case "python" -> client("PYTHON_RIC", "python3", "loop.py", "handler.handler");
            case "node" -> client("NODE_RIC", "node", "loop.js", "handler.handler");
            default -> throw new IllegalArgumentException("java, python or node, not " + name);
        });
    }

    /** The words of the variable and the handler, else the minimal loop. */
    private static List<String> client(String variable, String program, String loop, String handler) {
        String client = System.getenv(variable);
        if (client == null) {
            return List.of(program, FUNCTIONS.resolve(loop).toString());
        }
        List<String> words = new ArrayList<>(Arrays.asList(client.split(" ")));
        words.add(handler);
        return words;
    }

    private static int waitMs(Path layer) {
        return Integer.parseInt(layer.getFileName().toString());
    }

    private static String median(List<Start> starts, int column, int width) {
        double[] sorted = starts.stream().mapToDouble(start -> start.ms()[column]).sorted().toArray();
        return String.format(Locale.ROOT, "%" + width + ".1f", sorted[sorted.length / 2]);
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Milliseconds: init; exec to the first answer; the function; from its end to the next poll; exec to that poll. */
    private record Start(double[] ms, boolean delivered) {}
}
