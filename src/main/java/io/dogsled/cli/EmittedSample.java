package io.dogsled.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One sample that the function says it emitted, in its answer, so that nobody has to trust the extension.
 *
 * <pre>
 * {"emitted":[{"name":"shop.orders.placed","type":"count","tags":["country:de"],"value":1}, …]}
 * </pre>
 *
 * either as the answer itself or as the text in the {@code body} of an HTTP answer.
 *
 * @param fromS first second (since the epoch) in which the extension can have received it
 * @param toS the last one
 */
record EmittedSample(Key key, JsonNode value, long fromS, long toS) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** What makes samples belong together, tags sorted; {@code type} as in the report: count, gauge, histogram, timing, … */
    record Key(String name, String type, List<String> tags) {}

    /** The samples that an answer lists; empty if it does not tell (an empty list is telling). */
    static Optional<List<EmittedSample>> in(String answer, long fromS, long toS) {
        Optional<JsonNode> report =
                parse(answer).filter(node -> node.path("emitted").isArray());
        Optional<JsonNode> inside = parse(answer)
                .flatMap(node -> parse(node.path("body").asText()))
                .filter(node -> node.path("emitted").isArray());
        return report.or(() -> inside).map(node -> {
            List<EmittedSample> samples = new ArrayList<>();
            node.path("emitted").forEach(sample -> samples.add(sample(sample, fromS, toS)));
            return samples;
        });
    }

    double number() {
        return value.asDouble();
    }

    private static EmittedSample sample(JsonNode node, long fromS, long toS) {
        List<String> tags = new ArrayList<>();
        node.path("tags").forEach(tag -> tags.add(tag.asText()));
        tags.sort(null);
        Key key = new Key(node.path("name").asText(), node.path("type").asText(), List.copyOf(tags));
        return new EmittedSample(key, node.path("value"), fromS, toS);
    }

    private static Optional<JsonNode> parse(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(JsonNode::isObject);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
