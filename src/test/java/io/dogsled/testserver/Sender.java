package io.dogsled.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/**
 * As much of the Agent's payload sender (pkg/trace/writer/sender.go) as its tests need: at most {@code maxConnections}
 * requests at a time; transport errors, 408 and 5xx are tried again, after asking how long to back off; everything else
 * but 2xx is rejected; {@link #close} waits for what is in work.
 */
final class Sender implements AutoCloseable {
    private final URI url;
    private final IntConsumer backoff;
    private final Semaphore connections;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();

    Sender(TestServer server, int maxConnections, IntConsumer backoff) {
        this.url = URI.create(server.url() + "/");
        this.connections = new Semaphore(maxConnections);
        this.backoff = backoff;
    }

    void push(String body) {
        workers.execute(() -> send(body));
    }

    List<Event> events(Kind kind) {
        return events.stream().filter(event -> event.kind() == kind).toList();
    }

    @Override
    public void close() {
        workers.close();
        client.close();
    }

    private void send(String body) {
        connections.acquireUninterruptibly();
        try {
            int attempt = 0;
            Kind kind = Kind.RETRY;
            while (kind == Kind.RETRY) {
                backoff.accept(attempt++);
                kind = attempt(body);
            }
        } finally {
            connections.release();
        }
    }

    private Kind attempt(String body) {
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("DD-Api-Key", "123")
                .header("User-Agent", "testUserAgent")
                .POST(BodyPublishers.ofString(body))
                .build();
        long startNs = System.nanoTime();
        int status;
        try {
            status = client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Kind kind = status == 408 || status >= 500 ? Kind.RETRY : status / 100 == 2 ? Kind.SENT : Kind.REJECTED;
        events.add(new Event(kind, url.getAuthority(), body.length(), 1, System.nanoTime() - startNs, status));
        return kind;
    }

    enum Kind {
        SENT,
        RETRY,
        REJECTED
    }

    record Event(Kind kind, String host, int bytes, int count, long durationNs, int status) {}
}
