package io.dogsled.serializer;

import com.fasterxml.jackson.core.JsonGenerator;
import io.dogsled.metrics.ServiceCheck;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Service checks (protocol.md §4.4):
 *
 * <pre>
 * [{"check":…,"host_name":…,"timestamp":…,"status":0,"message":…,"tags":[…] or null}]
 * </pre>
 */
final class CheckWriter extends ItemWriter<ServiceCheck> {
    @Override
    int fitting(List<ServiceCheck> items, int max) {
        long bytes = 0;
        for (int i = 0; i < max; i++) {
            ServiceCheck check = items.get(i);
            bytes +=
                    Json.ITEM_OVERHEAD + check.name().length() + check.message().length() + Json.length(check.tags());
            if (i > 0 && bytes > Payload.Kind.CHECKS.maxPlainBytes()) {
                return i;
            }
        }
        return max;
    }

    @Override
    void write(List<ServiceCheck> items, int count, OutputStream out) throws IOException {
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartArray();
            for (int i = 0; i < count; i++) {
                writeCheck(json, items.get(i));
            }
            json.writeEndArray();
        }
    }

    private static void writeCheck(JsonGenerator json, ServiceCheck check) throws IOException {
        json.writeStartObject();
        json.writeStringField("check", check.name());
        json.writeStringField("host_name", check.host());
        json.writeNumberField("timestamp", check.timestampS());
        json.writeNumberField("status", check.status());
        json.writeStringField("message", check.message());
        json.writeFieldName("tags");
        if (check.tags().isEmpty()) {
            json.writeNull();
        } else {
            Json.writeStrings(json, check.tags());
        }
        json.writeEndObject();
    }
}
