package io.dogsled.it.contract;

import io.dogsled.it.Packaged;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A function in a process of its own, which the platform can kill, freeze and start again. It sends each event as a datagram, but
 * for a few words: {@code hang} never returns, {@code exit} ends the process.
 *
 * <p>The program's arguments: the UDP port, the number of invocations that it takes at a time, and a file. If the file is there the
 * init takes for ever; the next one finds it gone.
 */
final class FunctionProcess {
    private FunctionProcess() {}

    /** The command that starts it. */
    static List<String> command(int port, int concurrency, Path slowInit) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Packaged.file("test-classes").toString(),
                FunctionProcess.class.getName(),
                String.valueOf(port),
                String.valueOf(concurrency),
                slowInit.toString());
    }

    static List<String> command(int port) {
        return command(port, 1, Path.of("/nonexistent"));
    }

    /** The function's side of the Runtime API, until the sandbox ends it. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int port = Integer.parseInt(args[0]);
        if (Files.deleteIfExists(Path.of(args[2]))) {
            Thread.sleep(Long.MAX_VALUE);
        }
        for (int i = 1; i < Integer.parseInt(args[1]); i++) {
            Thread.ofPlatform().start(() -> serve(port));
        }
        serve(port);
    }

    private static void serve(int port) {
        String base = "http://" + System.getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/";
        try (DatagramSocket socket = new DatagramSocket()) {
            while (true) {
                HttpURLConnection next = open(base + "next");
                byte[] event = next.getInputStream().readAllBytes();
                handle(socket, port, event);
                HttpURLConnection response =
                        open(base + next.getHeaderField("Lambda-Runtime-Aws-Request-Id") + "/response");
                response.setDoOutput(true);
                try (OutputStream out = response.getOutputStream()) {
                    out.write("\"ok\"".getBytes(StandardCharsets.UTF_8));
                }
                response.getInputStream().readAllBytes();
            }
        } catch (IOException | InterruptedException sandboxGone) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static HttpURLConnection open(String uri) throws IOException {
        return (HttpURLConnection) URI.create(uri).toURL().openConnection();
    }

    private static void handle(DatagramSocket socket, int port, byte[] event) throws IOException, InterruptedException {
        switch (new String(event, StandardCharsets.UTF_8)) {
            case "hang" -> Thread.sleep(Long.MAX_VALUE);
            case "exit" -> Runtime.getRuntime().halt(3);
            case "{}" -> {}
            default -> socket.send(new DatagramPacket(event, event.length, InetAddress.getLoopbackAddress(), port));
        }
    }
}
