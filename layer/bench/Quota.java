import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The start in a small sandbox: {@code java -cp dogsled-tools.jar Quota.java target rounds plots}.
 *
 * <p>Launcher and engine get a share of a core from their first instruction on; the function, the platform and the intake are
 * outside of it, so what is seen is Dogsled's own time. The function sends ten lines and is done at once, nothing freezes: the
 * first flush is as early as it can be. Writes two plots into the folder {@code plots}.
 */
final class Quota {
    private static final double[] CORES = {0.07, 0.25, 1};
    private static final Pattern REGISTERED = Pattern.compile("registered ([0-9.]+) ms after exec");
    private static final Pattern NEXT = Pattern.compile("first /next ([0-9.]+) ms after exec");
    private static final Pattern READY = Pattern.compile("engine ready ([0-9.]+) ms after exec");
    private static final int PATIENCE_MS = 30_000;

    private final Path target;
    private final List<Double> next = new ArrayList<>();
    private final List<Double> ready = new ArrayList<>();
    private final List<Double> afterRuntime = new ArrayList<>();
    private final List<Double> delivered = new ArrayList<>();

    private Quota(Path target) {
        this.target = target;
    }

    public static void main(String[] args) throws Exception {
        Plot polls = new Plot("exec to the first /next, ms");
        Plot flushes = new Plot("exec to engine ready, and to the first payload at the intake, ms");
        Emulator.warmUp();
        for (double cores : CORES) {
            Quota quota = new Quota(Path.of(args[0]));
            try (Share share = Share.of(cores, quota.target)) {
                System.out.printf(Locale.ROOT, "%n%s core (%s)%n", label(cores), share);
                quota.start(share);
                quota.forget();
                for (int i = 0; i < Integer.parseInt(args[1]); i++) {
                    quota.start(share);
                }
            }
            quota.print();
            polls.row(label(cores) + " core", quota.next);
            flushes.row(label(cores) + " core, ready", quota.ready);
            flushes.row(label(cores) + " core, first payload", quota.delivered);
        }
        polls.write(Path.of(args[2], "quota-next.svg"));
        flushes.write(Path.of(args[2], "quota-first-flush.svg"));
    }

    private static String label(double cores) {
        return cores == 1 ? "1" : Double.toString(cores);
    }

    private void forget() {
        next.clear();
        ready.clear();
        afterRuntime.clear();
        delivered.clear();
    }

    private void print() {
        row("exec to first /next", next);
        row("exec to engine ready", ready);
        row("exec to first payload at the intake", delivered);
        row("runtimeDone sent to next poll", afterRuntime);
    }

    private static void row(String what, List<Double> values) {
        System.out.printf(
                Locale.ROOT, "%-36s %8.1f %8.1f ms%n", what, Plot.percentile(values, 50), Plot.percentile(values, 95));
    }

    private void start(Share share) throws Exception {
        int port = freeUdpPort();
        try (TestServer intake = TestServer.newTestServer();
                HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
                Sandbox sandbox = Emulator.newEmulator()
                        .layer(share.layer())
                        .timeout(Duration.ofSeconds(60))
                        .initTimeout(Duration.ofSeconds(60))
                        .variable("DD_API_KEY", "bench")
                        .variable("DD_DD_URL", intake.url())
                        .variable("DD_LOG_LEVEL", "debug")
                        .variable("DD_DOGSTATSD_PORT", Integer.toString(port))
                        .variable("DD_DOGSLED_CONTROL_PORT", "0")
                        .freeze(false)
                        .start()) {
            Thread function = Thread.ofVirtual().start(() -> serve(sandbox.runtimeApi(), http, port));
            sandbox.init();
            Invocation.Times times = sandbox.invoke("{}").times();
            long deliveredNs = firstPayload(intake);
            long execNs = sandbox.marks(Mark.Kind.REGISTERED, "dogsled").getFirst().atNs()
                    - (long) (await(sandbox, REGISTERED) * 1e6);
            delivered.add((deliveredNs - execNs) / 1e6);
            afterRuntime.add((times.finishedNs() - times.runtimeDoneSentNs()) / 1e6);
            next.add(await(sandbox, NEXT));
            ready.add(await(sandbox, READY));
            function.interrupt();
        }
    }

    private static long firstPayload(TestServer intake) throws InterruptedException {
        for (int i = 0; i < PATIENCE_MS; i++) {
            if (intake.accepted() > 0) {
                return System.nanoTime();
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("no payload within 30 s: " + intake.statusLine());
    }

    /** The function: one invocation, ten lines in a datagram. */
    private static void serve(String api, HttpClient http, int port) {
        String base = "http://" + api + "/2018-06-01/runtime/invocation/";
        try (DatagramSocket socket = new DatagramSocket()) {
            HttpRequest next = HttpRequest.newBuilder(URI.create(base + "next")).build();
            HttpResponse<String> event = http.send(next, HttpResponse.BodyHandlers.ofString());
            while (event.statusCode() != 200) { // not before init has begun
                Thread.sleep(1);
                event = http.send(next, HttpResponse.BodyHandlers.ofString());
            }
            byte[] lines = "orders:1|c|#env:bench,team:a\n".repeat(10).getBytes(StandardCharsets.US_ASCII);
            socket.send(new DatagramPacket(lines, lines.length, InetAddress.getLoopbackAddress(), port));
            String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
            http.send(
                    HttpRequest.newBuilder(URI.create(base + id + "/response"))
                            .POST(HttpRequest.BodyPublishers.ofString("\"ok\""))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
            http.send(next, HttpResponse.BodyHandlers.discarding());
        } catch (IOException | InterruptedException sandboxGone) {
            Thread.currentThread().interrupt();
        }
    }

    private static double await(Sandbox sandbox, Pattern line) throws InterruptedException {
        for (int i = 0; i < PATIENCE_MS; i++) {
            for (LogLine said : sandbox.lines()) {
                Matcher found = line.matcher(said.text());
                if (found.find()) {
                    return Double.parseDouble(found.group(1));
                }
            }
            Thread.sleep(1);
        }
        throw new IllegalStateException("not said within 30 s: " + line + "; but " + sandbox.lines());
    }

    /** Another server on this machine may have 8125. */
    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
