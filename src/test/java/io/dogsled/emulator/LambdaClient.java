package io.dogsled.emulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Speaks the three APIs with the JDK's client, so that the emulator's HTTP is tested by one that is not its own. */
final class LambdaClient {
    private final String base;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private volatile String id = "";

    LambdaClient(Sandbox sandbox) {
        base = "http://" + sandbox.runtimeApi();
    }

    String id() {
        return id;
    }

    HttpResponse<String> register(String name, String body) {
        HttpResponse<String> response = send(post("/2020-01-01/extension/register", body)
                .header("Lambda-Extension-Name", name)
                .header("Lambda-Extension-Accept-Feature", "other, accountId"));
        id = response.headers().firstValue("lambda-extension-identifier").orElse(id);
        return response;
    }

    HttpResponse<String> register(String name) {
        return register(name, "{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");
    }

    HttpResponse<String> next() {
        return send(identified(request("/2020-01-01/extension/event/next").GET()));
    }

    CompletableFuture<HttpResponse<String>> nextAsync() {
        HttpRequest request =
                identified(request("/2020-01-01/extension/event/next").GET()).build();
        return http.sendAsync(request, BodyHandlers.ofString());
    }

    HttpResponse<String> error(String kind, String type) {
        return send(identified(post("/2020-01-01/extension/" + kind + "/error", ""))
                .header("Lambda-Extension-Function-Error-Type", type));
    }

    HttpResponse<String> telemetry(String body) {
        return send(identified(request("/2022-07-01/telemetry").PUT(BodyPublishers.ofString(body))));
    }

    HttpResponse<String> runtimeNext() {
        return send(request("/2018-06-01/runtime/invocation/next").GET());
    }

    CompletableFuture<HttpResponse<String>> runtimeNextAsync() {
        return http.sendAsync(
                request("/2018-06-01/runtime/invocation/next").GET().build(), BodyHandlers.ofString());
    }

    HttpResponse<String> respond(String requestId, String body) {
        return send(post("/2018-06-01/runtime/invocation/" + requestId + "/response", body));
    }

    HttpResponse<String> runtimeError(String requestId, String type) {
        return send(post("/2018-06-01/runtime/invocation/" + requestId + "/error", "{\"errorMessage\":\"no\"}")
                .header("Lambda-Runtime-Function-Error-Type", type));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(8));
    }

    HttpRequest.Builder post(String path, String body) {
        return request(path).POST(BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder identified(HttpRequest.Builder request) {
        return id.isEmpty() ? request : request.header("Lambda-Extension-Identifier", id);
    }
}
