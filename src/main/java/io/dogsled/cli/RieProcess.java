package io.dogsled.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * AWS's Runtime Interface Emulator as a process: started, invoked over HTTP, ended with SIGTERM as {@code docker stop} does.
 *
 * <p>It starts whatever is in {@code /opt/extensions}; who calls this has put the layer there. Both of its servers get free
 * ports of the loopback address. The thread {@code rie} reads what it and its children write, in the order of the lines.
 */
final class RieProcess implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration END = Duration.ofSeconds(10);
    private static final String INVOCATIONS = "/2015-03-31/functions/function/invocations";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Duration timeout;
    private final int port;
    private final Process process;
    private final Thread reader;

    /** An answer: the status, the body, and how long the caller waited for it. */
    record Answer(int status, String body, double waitedMs) {}

    private RieProcess(Process process, int port, Duration timeout, Consumer<String> onLine) {
        this.process = process;
        this.port = port;
        this.timeout = timeout;
        this.reader = Thread.ofPlatform().daemon().name("rie").start(() -> read(process, onLine));
    }

    /**
     * Starts it with nothing but the plan's variables and waits until it listens; function and extension start with the first
     * invocation.
     *
     * @param onLine gets every line, on another thread
     * @throws IOException if it cannot be started or ends at once
     */
    static RieProcess start(RiePlan plan, Consumer<String> onLine) throws IOException {
        int port = StoryPorts.tcp(8080);
        List<String> command = new ArrayList<>(List.of(
                plan.emulator().toString(),
                "--runtime-interface-emulator-address",
                "127.0.0.1:" + port,
                "--runtime-api-address",
                "127.0.0.1:" + StoryPorts.tcp(9001)));
        command.addAll(plan.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment(plan));
        RieProcess rie = new RieProcess(builder.start(), port, plan.timeout(), onLine);
        rie.awaitPort();
        return rie;
    }

    /** Invokes the function and waits for the answer, which comes when every extension has polled again. */
    Answer invoke(String event) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + INVOCATIONS))
                .timeout(timeout.multipliedBy(2).plus(END))
                .POST(HttpRequest.BodyPublishers.ofString(event))
                .build();
        long beganNs = System.nanoTime();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body(), (System.nanoTime() - beganNs) / 1e6);
    }

    /** SIGTERM, which becomes SHUTDOWN for the extension; returns the exit code after the last line was read, −1 if it had to be killed. */
    int terminate() throws InterruptedException {
        process.toHandle().destroy(); // Process.destroy would close its output with it
        boolean ended = process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
        if (ended) {
            reader.join(END);
        }
        close();
        return ended ? process.exitValue() : -1;
    }

    /** Ends it at once, if it still runs. */
    @Override
    public void close() {
        http.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            reader.join(END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitPort() throws IOException {
        long untilNs = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (ConnectException notYet) {
                if (!process.isAlive() || System.nanoTime() > untilNs) {
                    close();
                    throw new IOException(
                            "The emulator does not listen on port " + port + "; its lines are above.", notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static Map<String, String> environment(RiePlan plan) {
        Map<String, String> variables = new TreeMap<>(Map.of(
                "PATH", "/usr/local/bin:/usr/bin:/bin:/opt/bin",
                "LANG", "en_US.UTF-8",
                "LOG_LEVEL", "info",
                "AWS_SAM_LOCAL", "true",
                "AWS_REGION", "us-east-1",
                "AWS_LAMBDA_FUNCTION_NAME", "story",
                "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        variables.put(
                "AWS_LAMBDA_FUNCTION_TIMEOUT", Long.toString(plan.timeout().toSeconds()));
        for (String credential : List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")) {
            variables.put(credential, "local");
        }
        variables.putAll(plan.environment());
        return variables;
    }

    private static void read(Process process, Consumer<String> onLine) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.accept(line);
            }
        } catch (IOException closed) {
            // it was ended
        }
    }
}
