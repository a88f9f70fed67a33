import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One sandbox with the packaged layer and a function whose invocations are what the benchmark hands it: the function is done the
 * moment that work is. The thread {@code function} speaks the Runtime API.
 */
final class Layer implements AutoCloseable {
    private static final Pattern DROPPED = Pattern.compile("\"kernel_dropped\":([0-9]+)");
    private static final Pattern DELIVERED = Pattern.compile("\"delivered\":([0-9]+)");

    private final TestServer intake = TestServer.newTestServer();
    private final SynchronousQueue<Work> works = new SynchronousQueue<>();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Tools tools;
    private final Sandbox sandbox;
    private final int port;
    private volatile Exception failure;

    /** What the function does in an invocation. */
    interface Work {
        void run() throws Exception;
    }

    private Layer(Tools tools, Path layer, int buffer) throws IOException {
        this.tools = tools;
        this.port = freeUdpPort();
        this.sandbox = Emulator.newEmulator()
                .layer(layer)
                .timeout(Duration.ofSeconds(120))
                .variable("DD_API_KEY", "bench")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_SERVERLESS_FLUSH_STRATEGY", "end")
                .variable("DD_DOGSTATSD_PORT", Integer.toString(port))
                .variable("DD_DOGSTATSD_SO_RCVBUF", Integer.toString(buffer))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .start();
    }

    /** Starts a sandbox and gives launcher and engine the receiver's core. */
    static Layer start(Tools tools, Path layer, int buffer) throws IOException, InterruptedException {
        Layer run = new Layer(tools, layer, buffer);
        Thread.ofPlatform().daemon().name("function").start(run::serve);
        run.sandbox.init();
        tools.pin(run.pids());
        return run;
    }

    int port() {
        return port;
    }

    /** Plays an invocation that does {@code work}; returns the milliseconds from runtimeDone to the extension's next poll. */
    double invoke(Work work) throws Exception {
        Thread.ofVirtual().start(() -> offer(work));
        Invocation.Result result = sandbox.invoke("{}");
        if (failure != null || result.outcome() != Invocation.Outcome.SUCCESS) {
            throw new IllegalStateException(result + " " + sandbox.lines(), failure);
        }
        return (result.times().finishedNs() - result.times().runtimeDoneSentNs()) / 1e6;
    }

    /** CPU of launcher and engine since they began. */
    long cpuNs() throws IOException, InterruptedException {
        return tools.cpuNs(pids());
    }

    double residentMb() {
        return sandbox.residentKb("dogsled") / 1024.0;
    }

    /** Begins anew with {@link #peakMb}. */
    void forgetPeak() throws IOException {
        for (long pid : pids()) {
            Files.writeString(Path.of("/proc", Long.toString(pid), "clear_refs"), "5");
        }
    }

    /** The largest that launcher and engine have been, each at its own moment. */
    double peakMb() throws IOException {
        double kilobytes = 0;
        for (long pid : pids()) {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("VmHWM:")) {
                    kilobytes += Double.parseDouble(line.substring(6, line.length() - 2).strip());
                }
            }
        }
        return kilobytes / 1024;
    }

    /** Lines that an intake would show by now. */
    double delivered() {
        return intake.intake().counts().stream()
                .filter(count -> count.context().metric().startsWith("load."))
                .mapToDouble(IntakeView.Scalar::total)
                .sum();
    }

    /** Shuts down and returns the lines at the intake, which must be as many as the ledger says. */
    double check() {
        sandbox.shutdown();
        if (delivered() != ledger(DELIVERED) || !ledger().contains("\"held\":0") || !ledger().contains("\"lost\":{}")) {
            throw new IllegalStateException(delivered() + " at the intake, but " + ledger());
        }
        return delivered();
    }

    /** What the ledger says the kernel dropped; after {@link #check}. */
    long kernelDropped() {
        return ledger(DROPPED);
    }

    /** Half a core for launcher and engine until it is closed: by a control group, or by stopping them half of the time. */
    AutoCloseable halfACore() throws IOException {
        Optional<Group> group = Group.quota(0.5);
        if (group.isEmpty()) {
            return tools.halve(pids());
        }
        for (long pid : pids()) {
            group.get().add(pid);
        }
        return group.get();
    }

    @Override
    public void close() {
        sandbox.close();
        http.shutdownNow();
        intake.close();
    }

    private void offer(Work work) {
        try {
            works.put(work);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        String base = "http://" + sandbox.runtimeApi() + "/2018-06-01/runtime/invocation/";
        try {
            while (true) {
                HttpResponse<String> next = http.send(
                        HttpRequest.newBuilder(URI.create(base + "next")).build(), HttpResponse.BodyHandlers.ofString());
                if (next.statusCode() != 200) {
                    return;
                }
                work();
                String id = next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
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

    private void work() throws InterruptedException {
        try {
            works.take().run();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failure = e;
        }
    }

    private List<Long> pids() {
        long launcher = sandbox.pid("dogsled").orElseThrow();
        List<Long> pids = new ArrayList<>(List.of(launcher));
        ProcessHandle.of(launcher).ifPresent(process -> process.children().forEach(child -> pids.add(child.pid())));
        return pids;
    }

    private long ledger(Pattern what) {
        Matcher found = what.matcher(ledger());
        if (!found.find()) {
            throw new IllegalStateException(ledger());
        }
        return Long.parseLong(found.group(1));
    }

    private String ledger() {
        return sandbox.lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains("DOGSLED ledger {"))
                .reduce((first, last) -> last)
                .orElse("no ledger in " + sandbox.lines());
    }

    private static int freeUdpPort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
