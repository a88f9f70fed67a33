import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.ReceivedPayload;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;

/**
 * One sandbox with the packaged layer, frozen between invocations, and a function that emits a count with a tag of its own
 * and a value of a distribution in each of them: which of them is at the intake, and since when, can be told for each.
 */
final class FlushRun implements AutoCloseable {
    /** Said once each time the breaker opens, and once when it closes. */
    private static final String OPENED = "no invocation waits";

    private final TestServer intake;
    private final Sandbox sandbox;
    private final int port = freeUdpPort();
    private final List<Sample> samples = new ArrayList<>();
    private final SynchronousQueue<Integer> turns = new SynchronousQueue<>();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile long emittedMs;

    /**
     * One invocation.
     *
     * @param startedMs by the wall clock
     * @param emittedMs when the function sent its lines
     * @param afterMs from the arrival of runtimeDone at the extension to its next poll; 0 if it had polled before
     * @param heldMs from the function's end to the same
     */
    record Sample(int number, long startedMs, long emittedMs, double afterMs, double heldMs) {}

    FlushRun(Path target, TestServer intake, String strategy) throws IOException {
        this.intake = intake;
        this.sandbox = Emulator.newEmulator()
                .layer(target.resolve("layer"))
                .timeout(Duration.ofSeconds(30))
                .variable("DD_API_KEY", "bench")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_TLS_CERT_FILE", target.resolve("bench/flush-tls/root.pem").toString())
                .variable("DD_SERVERLESS_FLUSH_STRATEGY", strategy)
                .variable("DD_DOGSTATSD_PORT", Integer.toString(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .start();
        Thread.ofPlatform().daemon().name("function").start(this::serve);
        Sandbox.InitReport init = sandbox.init();
        if (!init.ok()) {
            throw new IllegalStateException(init + " " + sandbox.lines());
        }
    }

    /** Plays an invocation and remembers what it cost. */
    Sample invoke(int number) throws InterruptedException {
        Thread.ofVirtual().start(() -> offer(number));
        long startedMs = System.currentTimeMillis();
        Invocation.Result result = sandbox.invoke("{}");
        if (result.outcome() != Invocation.Outcome.SUCCESS) {
            throw new IllegalStateException(result + " " + sandbox.lines());
        }
        Invocation.Times times = result.times();
        double after = times.runtimeDoneSentNs() == 0 ? 0 : (times.finishedNs() - times.runtimeDoneSentNs()) / 1e6;
        double held = (times.finishedNs() - times.runtimeDoneNs()) / 1e6;
        Sample sample = new Sample(number, startedMs, emittedMs, Math.max(0, after), Math.max(0, held));
        samples.add(sample);
        return sample;
    }

    List<Sample> samples() {
        return samples;
    }

    /** Whether the engine has said so far that the breaker is open. */
    boolean hasOpened() {
        return sandbox.lines().stream().anyMatch(line -> line.text().contains(OPENED));
    }

    void shutdown() {
        sandbox.shutdown();
    }

    /** The last ledger of the log, its counts by name; {@code lost} and {@code rejected} by reason, prefixed. */
    String ledger() {
        return sandbox.lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains("DOGSLED ledger {\"received\""))
                .reduce((first, last) -> last)
                .orElse("no ledger in " + sandbox.lines());
    }

    /** When the count of each invocation first arrived at the intake, by the wall clock, whatever came again later. */
    Map<Integer, Long> arrivals() {
        Map<Integer, Long> arrivals = new HashMap<>();
        for (ReceivedPayload payload : intake.payloads()) {
            for (DecodedPayload.Series series : payload.decoded().series()) {
                for (String tag : series.tags()) {
                    if (tag.startsWith("n:")) {
                        arrivals.merge(
                                Integer.parseInt(tag.substring(2)), payload.receivedAt().toEpochMilli(), Math::min);
                    }
                }
            }
        }
        return arrivals;
    }

    @Override
    public void close() {
        sandbox.close();
        http.shutdownNow();
    }

    private void offer(int number) {
        try {
            turns.put(number);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        String base = "http://" + sandbox.runtimeApi() + "/2018-06-01/runtime/invocation/";
        HttpRequest next = HttpRequest.newBuilder(URI.create(base + "next")).build();
        try (DatagramSocket socket = new DatagramSocket()) {
            while (true) {
                HttpResponse<String> event = http.send(next, HttpResponse.BodyHandlers.ofString());
                if (event.statusCode() != 200) {
                    return;
                }
                emit(socket, turns.take());
                String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
                http.send(
                        HttpRequest.newBuilder(URI.create(base + id + "/response"))
                                .POST(HttpRequest.BodyPublishers.ofString("\"ok\""))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } catch (IOException | InterruptedException sandboxGone) {
            Thread.currentThread().interrupt();
        }
    }

    private void emit(DatagramSocket socket, int number) throws IOException {
        byte[] lines = ("flush.orders:1|c|#env:bench,n:" + number + "\nflush.value:" + number + "|d|#env:bench")
                .getBytes(StandardCharsets.US_ASCII);
        emittedMs = System.currentTimeMillis();
        socket.send(new DatagramPacket(lines, lines.length, InetAddress.getLoopbackAddress(), port));
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
