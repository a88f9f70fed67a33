package io.dogsled.telemetry;

import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.ConfigProblem;
import io.dogsled.config.ConfigReader;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.Text;
import io.dogsled.testing.ManualClock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Enhanced metrics of a sandbox, driven by hand; what they send is kept. */
final class Enhanced implements SampleSink {
    static final String ARN = "arn:aws:lambda:eu-west-1:210987654321:function:Orders";

    /** One value as it was sent. */
    record Value(String name, List<String> tags, double value, long timestampS) {}

    final ManualClock clock = new ManualClock();
    final Counters counters = new Counters();
    final List<Value> values = new ArrayList<>();
    final EnhancedMetrics metrics;
    private final PlatformEvents events = new PlatformEvents(counters, true);

    Enhanced(Map<String, String> environment) {
        metrics = new EnhancedMetrics(
                ConfigReader.read(environment, new ArrayList<ConfigProblem>()),
                this,
                new Instruments(clock, counters, new Log(Log.Level.OFF)));
    }

    /** Production: on demand, telemetry accepted. */
    static Enhanced onDemand() {
        Enhanced enhanced = new Enhanced(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));
        enhanced.metrics.onSubscribed(200, true);
        enhanced.metrics.onRegistered("Orders", "$LATEST", "210987654321");
        return enhanced;
    }

    void invoke(String requestId) {
        metrics.onInvoke(requestId, ARN);
    }

    void start(String requestId) {
        event("platform.start", requestId, "");
    }

    void done(String requestId, String status) {
        event(
                "platform.runtimeDone",
                requestId,
                ",\"status\":\"" + status + "\",\"metrics\":{\"durationMs\":7.5,"
                        + "\"producedBytes\":3},\"spans\":[{\"name\":\"responseLatency\",\"durationMs\":4}]");
    }

    void report(String requestId, String status) {
        event(
                "platform.report",
                requestId,
                ",\"status\":\"" + status + "\",\"metrics\":{\"durationMs\":1500.5,"
                        + "\"billedDurationMs\":1501,\"memorySizeMB\":512,\"maxMemoryUsedMB\":100}");
    }

    /** With the time that the clock shows now. */
    void event(String type, String requestId, String more) {
        batch("[" + eventText(type, requestId, more) + "]");
    }

    String eventText(String type, String requestId, String more) {
        return "{\"time\":\"" + java.time.Instant.ofEpochMilli(clock.nowMs()) + "\",\"type\":\"" + type
                + "\",\"record\":{\"requestId\":\"" + requestId + "\"" + more + "}}";
    }

    void batch(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        events.read(bytes, 0, bytes.length, metrics::onPlatformEvent);
    }

    /** Names without their prefix, in the order in which they were sent. */
    List<String> names() {
        return values.stream().map(Value::name).toList();
    }

    /** Forgets what was sent before. */
    void clear() {
        values.clear();
    }

    Value value(String name) {
        List<Value> found =
                values.stream().filter(value -> value.name().equals(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(name + " was sent " + found.size() + " times: " + names());
        }
        return found.getFirst();
    }

    @Override
    public void beginDatagram(long nowMs) {}

    @Override
    public void accept(Sample sample) {
        Context context = new TagSplitter().enrich(sample);
        values.add(new Value(
                context.name().toString().substring("aws.lambda.enhanced.".length()),
                context.tags().stream().map(Text::toString).toList(),
                sample.value(0),
                sample.timestampS));
    }

    @Override
    public void accept(Event event) {
        throw new AssertionError("no event is sent");
    }

    @Override
    public void accept(ServiceCheck check) {
        throw new AssertionError("no check is sent");
    }

    @Override
    public void endDatagram() {}
}
