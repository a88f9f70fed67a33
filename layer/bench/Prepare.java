import io.dogsled.testserver.TestServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.spi.ToolProvider;

/**
 * What a connection opened ahead saves the one who waits for the answer: {@code java -cp dogsled-tools.jar Prepare.java target
 * rounds}. Each round is a JVM as the layer starts it (its Java, its flags, its AOT cache), once with and once without, over a
 * plain socket and over the layer's TLS, to the test server on this machine: no round trip is in the figures, a network adds one for
 * TCP and one or two for TLS. Medians in milliseconds.
 */
final class Prepare {
    private final Path home;
    private final Path probe;

    private Prepare(Path target) {
        this.home = target.resolve("layer/dogsled");
        this.probe = target.resolve("bench/prepare");
    }

    public static void main(String[] args) throws Exception {
        Path target = Path.of(args[0]).toAbsolutePath();
        new Prepare(target).measure(target.resolve("training"), Integer.parseInt(args[1]));
    }

    private void measure(Path training, int rounds) throws Exception {
        Files.createDirectories(probe);
        int status = ToolProvider.findFirst("javac").orElseThrow().run(
                System.out, System.err, "-XDstringConcat=inline", "-d", probe.toString(), "-cp", home.resolve("dogsled.jar").toString(),
                "layer/bench/prepare/Probe.java");
        if (status != 0) {
            throw new IllegalStateException("the probe does not compile");
        }
        TestServer.Options options = TestServer.Options.defaults();
        System.out.printf("%-26s %10s %10s %10s%n", "p50 of " + rounds + ", ms", "first", "open", "reopened");
        try (TestServer plain = TestServer.start(options);
                TestServer tls = TestServer.start(options.withKeystore(training.resolve("trust.p12"), "training"))) {
            compare("plain socket", plain, "", rounds);
            compare("TLS", tls, training.resolve("trust.pem").toString(), rounds);
        }
    }

    private void compare(String name, TestServer intake, String pem, int rounds) throws Exception {
        List<List<Double>> not = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<List<Double>> ahead = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i <= rounds; i++) {
            once(intake, pem, "not", i > 0 ? not : null);
            once(intake, pem, "ahead", i > 0 ? ahead : null);
        }
        print(name, not);
        print(name + ", opened ahead", ahead);
    }

    private void once(TestServer intake, String pem, String how, List<List<Double>> to) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("jre/bin/java").toString()));
        for (String line : Files.readAllLines(home.resolve("jvm.options"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                command.add(line);
            }
        }
        String port = Integer.toString(URI.create(intake.url()).getPort());
        command.addAll(List.of("-cp", "dogsled.jar" + File.pathSeparator + probe, "Probe", "127.0.0.1", port, pem, how));
        Process process = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new IOException(said);
        }
        String[] last = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        for (int i = 0; to != null && i < to.size(); i++) {
            to.get(i).add(Double.parseDouble(last[i]));
        }
    }

    private static void print(String name, List<List<Double>> columns) {
        System.out.printf(Locale.ROOT, "%-26s", name);
        for (List<Double> column : columns) {
            Collections.sort(column);
            System.out.printf(Locale.ROOT, " %10.2f", column.get(column.size() / 2));
        }
        System.out.println();
    }
}
