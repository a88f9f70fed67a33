package io.dogsled.dogstatsd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what a server hands over, as JSON in the words of the conformance cases: each sample as parsed ({@link #parsed}) and each
 * of its values with final name and tags ({@link #enriched}). Every call under one lock, like a real sink.
 */
final class RecordingSink implements SampleSink {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Enricher enricher;
    private final List<ObjectNode> parsed = new ArrayList<>();
    private final List<ObjectNode> enriched = new ArrayList<>();
    private final List<ObjectNode> events = new ArrayList<>();
    private final List<ObjectNode> checks = new ArrayList<>();
    private int open;
    private int datagrams;

    RecordingSink(Enricher enricher) {
        this.enricher = enricher;
    }

    synchronized List<ObjectNode> parsed() {
        return List.copyOf(parsed);
    }

    synchronized List<ObjectNode> enriched() {
        return List.copyOf(enriched);
    }

    synchronized List<ObjectNode> events() {
        return List.copyOf(events);
    }

    synchronized List<ObjectNode> checks() {
        return List.copyOf(checks);
    }

    /** How many datagrams were begun and ended; fails if the calls did not pair. */
    synchronized int datagrams() {
        if (open != 0) {
            throw new IllegalStateException(open + " datagrams open");
        }
        return datagrams;
    }

    /** Forgets what was handed over. */
    synchronized void clear() {
        parsed.clear();
        enriched.clear();
        events.clear();
        checks.clear();
    }

    @Override
    public synchronized void beginDatagram(long nowMs) {
        open++;
    }

    @Override
    public synchronized void endDatagram() {
        open--;
        datagrams++;
    }

    @Override
    public synchronized void accept(Sample sample) {
        requireOpen();
        ObjectNode line = JSON.objectNode().put("name", text(sample, sample.nameStart, sample.nameEnd));
        line.put("type", sample.type == MetricType.TIMING ? "timing" : lowerCase(sample.type));
        if (sample.type == MetricType.SET) {
            line.put("set", text(sample, sample.memberStart, sample.memberEnd));
        } else {
            ArrayNode values = line.putArray("values");
            for (int i = 0; i < sample.valueCount(); i++) {
                values.add(number(sample.value(i)));
            }
        }
        line.put("rate", sample.rate);
        line.set("tags", rawTags(text(sample, sample.tagsStart, sample.tagsEnd)));
        line.set("ts", sample.timestampS == 0 ? JSON.nullNode() : JSON.numberNode(sample.timestampS));
        parsed.add(line);
        enrich(sample);
    }

    private void enrich(Sample sample) {
        Context context = enricher.enrich(sample);
        if (context.equals(Enricher.BLOCKED)) {
            return;
        }
        for (int i = 0; i < sample.sampleCount(); i++) {
            ObjectNode value = JSON.objectNode().put("name", context.name().toString());
            value.put("type", enrichedType(context.type()));
            if (sample.type == MetricType.SET) {
                value.put("raw", text(sample, sample.memberStart, sample.memberEnd));
            } else {
                value.set("value", number(sample.value(i)));
            }
            value.put("host", "");
            ArrayNode tags = value.putArray("tags");
            for (Text tag : context.tags()) {
                tags.add(tag.toString());
            }
            value.put("rate", sample.rate).put("ts", sample.timestampS);
            enriched.add(value);
        }
    }

    @Override
    public synchronized void accept(Event event) {
        requireOpen();
        events.add(JSON.objectNode()
                .put("title", event.title())
                .put("text", event.text())
                .put("ts", event.timestampS())
                .put("priority", event.priority())
                .put("alert_type", event.alertType())
                .put("aggregation_key", event.aggregationKey())
                .put("source_type", event.sourceType())
                .put("host", event.host())
                .set("tags", MAPPER.<JsonNode>valueToTree(event.tags())));
    }

    @Override
    public synchronized void accept(ServiceCheck check) {
        requireOpen();
        checks.add(JSON.objectNode()
                .put("name", check.name())
                .put("status", check.status())
                .put("ts", check.timestampS())
                .put("host", check.host())
                .put("message", check.message())
                .set("tags", MAPPER.<JsonNode>valueToTree(check.tags())));
    }

    private void requireOpen() {
        if (open != 1) {
            throw new IllegalStateException("accept outside a datagram: " + open);
        }
    }

    private static String text(Sample sample, int from, int to) {
        return new String(sample.buffer, from, to - from, StandardCharsets.UTF_8);
    }

    private static ArrayNode rawTags(String tags) {
        ArrayNode array = JSON.arrayNode();
        if (!tags.isEmpty()) {
            for (String tag : tags.split(",", -1)) {
                array.add(tag);
            }
        }
        return array;
    }

    private static JsonNode number(double value) {
        if (Double.isNaN(value)) {
            return JSON.textNode("NaN");
        }
        if (Double.isInfinite(value)) {
            return JSON.textNode(value > 0 ? "+Inf" : "-Inf");
        }
        return JSON.numberNode(value);
    }

    private static String lowerCase(MetricType type) {
        return type.name().toLowerCase(java.util.Locale.ROOT);
    }

    private static String enrichedType(MetricType type) {
        return switch (type) {
            case COUNT -> "counter";
            case TIMING -> "histogram";
            case GAUGE, HISTOGRAM, SET, DISTRIBUTION -> lowerCase(type);
        };
    }
}
