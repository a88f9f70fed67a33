package io.dogsled.it;

import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Sandbox;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A function without a process: a thread speaks the Runtime API and sends each event it gets as a datagram. It is never
 * frozen, so it can also send when the extension is.
 */
public final class ScriptedFunction implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final DatagramSocket socket = new DatagramSocket();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Sandbox sandbox;
    private final String base;
    private final int port;
    private final Body body;
    private final Thread thread;

    /** What the function does with an event before it answers. */
    public interface Body {
        void run(String event) throws IOException;
    }

    /** What a body throws to have the invocation end as an error of this type. */
    public static final class Failed extends IOException {
        private static final long serialVersionUID = 1;

        /** {@code type} is what the runtime reports, for example {@code Function.Broken}. */
        public Failed(String type) {
            super(type);
        }
    }

    private ScriptedFunction(Sandbox sandbox, int port, @Nullable Body body, boolean serves) throws IOException {
        this.sandbox = sandbox;
        this.base = "http://" + sandbox.runtimeApi() + "/2018-06-01/runtime/invocation/";
        this.port = port;
        this.body = body == null ? this::sendUnlessEmpty : body;
        this.thread = Thread.ofPlatform().daemon().name("function").unstarted(this::run);
        if (serves) {
            thread.start();
        }
    }

    /** Starts the sandbox and a function in it that sends to {@code port}. */
    public static ScriptedFunction start(Emulator emulator, int port) throws IOException {
        return new ScriptedFunction(emulator.start(), port, null, true);
    }

    /** Starts the sandbox and a function in it that does this. */
    public static ScriptedFunction start(Emulator emulator, Body body) throws IOException {
        return start(emulator, 0, body);
    }

    /** Starts the sandbox and a function in it that does this; {@link #send} sends to {@code port}. */
    public static ScriptedFunction start(Emulator emulator, int port, Body body) throws IOException {
        return new ScriptedFunction(emulator.start(), port, body, true);
    }

    /** Starts a sandbox with a runtime of its own, and only sends in its name. */
    public static ScriptedFunction beside(Emulator emulator, int port) throws IOException {
        return new ScriptedFunction(emulator.start(), port, null, false);
    }

    public Sandbox sandbox() {
        return sandbox;
    }

    /** Has this text sent as a datagram, {@code {}} for none, and waits until everybody is done. */
    public Invocation.Result invoke(String datagram) {
        return sandbox.invoke(datagram);
    }

    public void send(byte[] datagram) throws IOException {
        socket.send(new DatagramPacket(datagram, datagram.length, InetAddress.getLoopbackAddress(), port));
    }

    /** Waits until the extension has read what was sent to its socket. */
    public void awaitRead() {
        String here = ":%04X ".formatted(port);
        await().pollInterval(Duration.ofMillis(2))
                .atMost(LONG)
                .until(() -> Files.readAllLines(Path.of("/proc/net/udp")).stream()
                        .filter(line -> line.contains(here))
                        .allMatch(line -> line.contains(" 00000000:00000000 ")));
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (DatagramSocket any = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        http.shutdownNow();
        sandbox.close();
        socket.close();
    }

    private void sendUnlessEmpty(String event) throws IOException {
        if (!event.equals("{}")) {
            send(event.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One life of the runtime after the other: the platform may vanish, come back, or reset the sandbox. */
    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                serve();
                Thread.sleep(5);
            } catch (IOException sandboxGone) {
                LockSupport.parkNanos(1_000_000);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Works on events until the platform has no more for this life. */
    private void serve() throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> next = http.send(
                    HttpRequest.newBuilder(URI.create(base + "next")).build(), HttpResponse.BodyHandlers.ofString());
            if (next.statusCode() != 200) {
                return;
            }
            String id =
                    next.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
            http.send(answer(base + id, next.body()), HttpResponse.BodyHandlers.discarding());
        }
    }

    /** Does the function's work and makes a response or an error of it. */
    private HttpRequest answer(String invocation, String event) throws IOException {
        try {
            body.run(event);
            return post(invocation + "/response", "\"ok\"").build();
        } catch (Failed failed) {
            return post(invocation + "/error", "{\"errorMessage\":\"on purpose\"}")
                    .header("Lambda-Runtime-Function-Error-Type", String.valueOf(failed.getMessage()))
                    .build();
        }
    }

    private static HttpRequest.Builder post(String uri, String json) {
        return HttpRequest.newBuilder(URI.create(uri)).POST(HttpRequest.BodyPublishers.ofString(json));
    }
}
