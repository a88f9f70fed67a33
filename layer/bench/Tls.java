import io.dogsled.emulator.Emulator;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What TLS costs: {@code java -cp dogsled-tools.jar Tls.java target rounds}.
 *
 * <p>CPU of launcher and engine from exec until the intake has accepted everything of the first invocation of the sample
 * function, and what they have resident then: over a plain socket, over the layer's own TLS, and over the JDK's, which is what the
 * same layer speaks without its library. In turns. The chain is RSA, 2048 bits: leaf, intermediate, root.
 */
final class Tls {
    private static final int PAYLOADS = 3;

    private final Path target;
    private final Path folder;
    private final Tools tools;

    private Tls(Path target, Tools tools) {
        this.target = target;
        this.folder = target.resolve("bench/tls");
        this.tools = tools;
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]).toAbsolutePath();
        try (Tools tools = new Tools(target.resolve("bench/load"))) {
            new Tls(target, tools).measure(Integer.parseInt(args[1]));
        }
    }

    private void measure(int rounds) throws Exception {
        Certificates.write(folder);
        Path jdkAlone = folder.resolve("layer");
        run("rm", "-rf", jdkAlone.toString());
        run("cp", "-al", target.resolve("layer").toString(), jdkAlone.toString());
        run("rm", "-rf", jdkAlone.resolve("dogsled/tls").toString());
        TestServer.Options options = TestServer.Options.defaults();
        try (TestServer plain = TestServer.start(options);
                TestServer tls = TestServer.start(options.withKeystore(folder.resolve("server.p12"), Certificates.PASSWORD))) {
            List<Way> ways = List.of(
                    new Way("plain socket", target.resolve("layer"), plain),
                    new Way("TLS", target.resolve("layer"), tls),
                    new Way("TLS of the JDK", jdkAlone, tls));
            for (int i = 0; i <= rounds; i++) {
                for (Way way : ways) {
                    once(way, i > 0);
                }
            }
            Way first = ways.get(0);
            System.out.printf("%-32s %10s %10s %10s %10s%n", "first delivered flush, p50", "CPU ms", "ratio", "RSS MB", "more MB");
            for (Way way : ways) {
                System.out.printf(
                        Locale.ROOT,
                        "%-32s %10.1f %10.2f %10.1f %10.1f%n",
                        way.name,
                        median(way.cpuMs),
                        median(way.cpuMs) / median(first.cpuMs),
                        median(way.residentMb),
                        median(way.residentMb) - median(first.residentMb));
            }
        }
    }

    private void once(Way way, boolean counts) throws Exception {
        int before = way.intake.accepted();
        try (Sandbox sandbox = Emulator.newEmulator()
                .layer(way.layer)
                .javaFunction(
                        target.resolve("runtime-client"), target.resolve("dogsled-sample.jar"), "io.dogsled.sample.SampleHandler")
                .variable("DD_API_KEY", "bench")
                .variable("DD_DD_URL", way.intake.url())
                .variable("DD_TLS_CERT_FILE", folder.resolve("root.pem").toString())
                .variable("DD_DOGSTATSD_PORT", freeUdpPort())
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .freeze(false)
                .start()) {
            sandbox.init();
            sandbox.invoke(event());
            long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (way.intake.accepted() < before + PAYLOADS) {
                if (System.nanoTime() > untilNs) {
                    sandbox.lines().forEach(System.err::println);
                    throw new IllegalStateException(way.name + ": nothing was delivered; " + way.intake.statusLine());
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
            if (counts) {
                way.cpuMs.add(tools.cpuNs(pids(sandbox)) / 1e6);
                way.residentMb.add(sandbox.residentKb("dogsled") / 1024.0);
            }
        }
    }

    private static String event() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/io/dogsled/sample/events"))) {
            return Files.readString(files.sorted().findFirst().orElseThrow());
        }
    }

    private static List<Long> pids(Sandbox sandbox) {
        long launcher = sandbox.pid("dogsled").orElseThrow();
        List<Long> pids = new ArrayList<>(List.of(launcher));
        ProcessHandle.of(launcher).ifPresent(process -> process.children().forEach(child -> pids.add(child.pid())));
        return pids;
    }

    /** Another server on this machine may have 8125. */
    private static String freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said);
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    private static final class Way {
        private final String name;
        private final Path layer;
        private final TestServer intake;
        private final List<Double> cpuMs = new ArrayList<>();
        private final List<Double> residentMb = new ArrayList<>();

        Way(String name, Path layer, TestServer intake) {
            this.name = name;
            this.layer = layer;
            this.intake = intake;
        }
    }
}
