package io.dogsled.emulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * One event of the Telemetry API.
 *
 * <pre>
 * {"time":"2026-01-02T03:04:05.678Z","type":"platform.runtimeDone","record":{"requestId":"…","status":"success",…}}
 * </pre>
 *
 * @param category {@code platform}, {@code function} or {@code extension}: what a subscription names
 * @param type as in the event
 * @param requestId whom it is about, empty for nobody
 * @param json the whole event, once it was told {@link #at} which time
 */
record TelemetryEvent(String category, String type, String requestId, String json) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    static TelemetryEvent platform(String kind, String requestId, ObjectNode content) {
        String type = "platform." + kind;
        ObjectNode event = Json.object().put("type", type);
        event.set("record", content);
        return new TelemetryEvent("platform", type, requestId, event.toString());
    }

    /** A line of output; {@code category} is {@code function} or {@code extension}. */
    static TelemetryEvent line(String category, String text) {
        String json = Json.object().put("type", category).put("record", text).toString();
        return new TelemetryEvent(category, category, "", json);
    }

    /** The same with the time at which it happened. */
    TelemetryEvent at(Instant now) {
        return new TelemetryEvent(
                category, type, requestId, "{\"time\":\"" + TIME.format(now) + "\"," + json.substring(1));
    }

    static String iso(Instant instant) {
        return TIME.format(instant);
    }
}
