package io.dogsled.it;

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
import org.jspecify.annotations.Nullable;

/**
 * A function without a process: a thread speaks the Runtime API and sends each event it gets as a datagram. It is never
 * frozen, so it can also send when the extension is.
 */
public final class ScriptedFunction implements AutoCloseable {
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

    private ScriptedFunction(Sandbox sandbox, int port, @Nullable Body body) throws IOException {
        this.sandbox = sandbox;
        this.base = "http://" + sandbox.runtimeApi() + "/2018-06-01/runtime/invocation/";
        this.port = port;
        this.body = body == null ? this::sendUnlessEmpty : body;
        this.thread = Thread.ofPlatform().daemon().name("function").start(this::run);
    }

    /** Starts the sandbox and a function in it that sends to {@code port}. */
    public static ScriptedFunction start(Emulator emulator, int port) throws IOException {
        return new ScriptedFunction(emulator.start(), port, null);
    }

    /** Starts the sandbox and a function in it that does this. */
    public static ScriptedFunction start(Emulator emulator, Body body) throws IOException {
        return new ScriptedFunction(emulator.start(), 0, body);
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

    private void run() {
        try {
            while (!Thread.interrupted()) {
                HttpResponse<String> next = http.send(
                        HttpRequest.newBuilder(URI.create(base + "next")).build(),
                        HttpResponse.BodyHandlers.ofString());
                if (next.statusCode() != 200) {
                    return; // the sandbox ends
                }
                body.run(next.body());
                String id = next.headers()
                        .firstValue("Lambda-Runtime-Aws-Request-Id")
                        .orElseThrow();
                http.send(
                        HttpRequest.newBuilder(URI.create(base + id + "/response"))
                                .POST(HttpRequest.BodyPublishers.ofString("\"ok\""))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } catch (IOException sandboxGone) {
            Thread.currentThread().interrupt();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
