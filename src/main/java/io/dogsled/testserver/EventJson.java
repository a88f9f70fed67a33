package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.DecodedPayload.Event;

/**
 * Reads events, as the Agent sends them to {@code /intake/} and as the public {@code /api/v1/events} takes them.
 *
 * <pre>
 * {"apiKey":"","events":{"api":[{"msg_title":"t","msg_text":"x","timestamp":1,"host":"h","tags":["a:b"], …}]},
 *  "internalHostname":"h"}
 * {"title":"t","text":"x","date_happened":1,"host":"h","tags":["a:b"], …}
 * </pre>
 */
final class EventJson {
    private EventJson() {}

    static void read(byte[] plain, PayloadDecoder.Parts parts) {
        JsonNode root = JsonTree.parse(plain, parts.problems);
        if (root.path("events").isObject()) {
            for (JsonNode bySource : root.path("events")) {
                bySource.forEach(node -> parts.events.add(intakeEvent(node)));
            }
        } else if (root.has("title")) {
            parts.events.add(publicEvent(root));
        } else if (!root.isMissingNode()) {
            parts.problems.add("the body has neither \"events\" nor \"title\"");
        }
        if (parts.events.stream().anyMatch(event -> event.title().isEmpty())) {
            parts.problems.add("an event has no title");
        }
    }

    private static Event intakeEvent(JsonNode node) {
        return event(node, "msg_title", "msg_text", "timestamp");
    }

    private static Event publicEvent(JsonNode node) {
        return event(node, "title", "text", "date_happened");
    }

    private static Event event(JsonNode node, String title, String text, String timestamp) {
        return new Event(
                JsonTree.text(node, title),
                JsonTree.text(node, text),
                node.path(timestamp).asLong(),
                JsonTree.text(node, "priority"),
                JsonTree.text(node, "host"),
                JsonTree.texts(node.path("tags")),
                JsonTree.text(node, "alert_type"),
                JsonTree.text(node, "aggregation_key"),
                JsonTree.text(node, "source_type_name"),
                JsonTree.text(node, "event_type"));
    }
}
