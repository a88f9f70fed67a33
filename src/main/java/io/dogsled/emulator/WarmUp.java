package io.dogsled.emulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Plays one extension and one runtime against a sandbox of its own, for the sake of class loading. */
final class WarmUp {
    private static final String NAME = "warm-up";

    private WarmUp() {}

    static void run() {
        try (Sandbox sandbox =
                Emulator.newEmulator().scriptedExtension(NAME).freeze(false).start()) {
            CompletableFuture<Sandbox.InitReport> init = CompletableFuture.supplyAsync(sandbox::init);
            sandbox.awaitGeneration(Duration.ofSeconds(5));
            URI api = URI.create("http://" + sandbox.runtimeApi());
            try (Socket extension = new Socket(api.getHost(), api.getPort());
                    Socket runtime = new Socket(api.getHost(), api.getPort())) {
                String id = register(extension);
                send(runtime, "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n");
                send(extension, "GET /2020-01-01/extension/event/next HTTP/1.1\r\n" + id + "\r\n");
                init.join();
                sandbox.exited(NAME, 0);
            }
        } catch (IOException e) {
            // then the first extension meets a cold platform, which is slower and not wrong
        }
    }

    private static String register(Socket socket) throws IOException {
        String body = "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}";
        send(
                socket,
                "POST /2020-01-01/extension/register HTTP/1.1\r\nLambda-Extension-Name: " + NAME
                        + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        InputStream in = new BufferedInputStream(socket.getInputStream());
        String status = ApiRequest.readLine(in).orElse("");
        Map<String, String> headers = ApiRequest.readHeaders(in);
        ApiRequest.readBody(in, headers);
        String id = "Lambda-Extension-Identifier: " + headers.getOrDefault("lambda-extension-identifier", status);
        String telemetry = "{\"schemaVersion\":\"2022-12-13\",\"types\":[\"platform\"],\"destination\":"
                + "{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:1/\"}}";
        send(
                socket,
                "PUT /2022-07-01/telemetry HTTP/1.1\r\n" + id + "\r\nContent-Length: " + telemetry.length() + "\r\n\r\n"
                        + telemetry);
        ApiRequest.readLine(in);
        ApiRequest.readBody(in, ApiRequest.readHeaders(in));
        return id + "\r\n";
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
