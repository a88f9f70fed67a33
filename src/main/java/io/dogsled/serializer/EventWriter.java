package io.dogsled.serializer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dogsled.metrics.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Events as the v1 intake takes them, grouped by source (protocol.md §4.4):
 *
 * <pre>
 * {"apiKey":"","events":{"api":[{"msg_title":…,"msg_text":…,"timestamp":…,"priority":…,"host":…,"tags":[…],
 *   "alert_type":…,"aggregation_key":…,"source_type_name":…}]},"internalHostname":""}
 * </pre>
 *
 * The host is empty unless the client gave one: a sandbox has none (rulings.md 6). The key goes in a header.
 */
final class EventWriter extends ItemWriter<Event> {
    @Override
    int fitting(List<Event> items, int max) {
        long bytes = 0;
        for (int i = 0; i < max; i++) {
            Event event = items.get(i);
            bytes += Json.ITEM_OVERHEAD + event.title().length() + event.text().length() + Json.length(event.tags());
            if (i > 0 && bytes > Payload.Kind.EVENTS.maxPlainBytes()) {
                return i;
            }
        }
        return max;
    }

    @Override
    void write(List<Event> items, int count, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            json.writeStringField("apiKey", "");
            json.writeObjectFieldStart("events");
            for (int i = 0; i < count; i++) {
                if (firstOfSource(items, i) == i) {
                    writeSource(json, items, i, count);
                }
            }
            json.writeEndObject();
            json.writeStringField("internalHostname", "");
            json.writeEndObject();
        }
    }

    private static int firstOfSource(List<Event> items, int index) {
        int first = 0;
        while (!source(items.get(first)).equals(source(items.get(index)))) {
            first++;
        }
        return first;
    }

    private static void writeSource(JsonGenerator json, List<Event> items, int from, int to) throws IOException {
        String source = source(items.get(from));
        json.writeArrayFieldStart(source);
        for (int i = from; i < to; i++) {
            if (source(items.get(i)).equals(source)) {
                writeEvent(json, items.get(i));
            }
        }
        json.writeEndArray();
    }

    private static void writeEvent(JsonGenerator json, Event event) throws IOException {
        json.writeStartObject();
        json.writeStringField("msg_title", event.title());
        json.writeStringField("msg_text", event.text());
        json.writeNumberField("timestamp", event.timestampS());
        Json.writeUnlessEmpty(json, "priority", event.priority());
        json.writeStringField("host", event.host());
        if (!event.tags().isEmpty()) {
            json.writeFieldName("tags");
            Json.writeStrings(json, event.tags());
        }
        Json.writeUnlessEmpty(json, "alert_type", event.alertType());
        Json.writeUnlessEmpty(json, "aggregation_key", event.aggregationKey());
        Json.writeUnlessEmpty(json, "source_type_name", event.sourceType());
        json.writeEndObject();
    }

    private static String source(Event event) {
        return event.sourceType().isEmpty() ? "api" : event.sourceType();
    }
}
