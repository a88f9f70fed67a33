package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/** What other servers' tests and real clients put on the wire; the {@code dogstatsd} field of the case rules. */
class PeersCasesTest {
    /** A case's word → ours; {@code null} fields have no counterpart because nothing of them is kept. */
    private static final Map<String, String> OTHER_WORDS = Map.of("timestamp", "ts", "set_value", "set");

    @ParameterizedTest(name = "{0}")
    @CasesSource("peers.line")
    void aLineOfAnotherServersTests(Case c) {
        Parsed parsed = Parsed.of(c.input().asText());
        if (c.expect().path("stage").asText().equals("aggregation")) {
            double value = Double.parseDouble(
                    parsed.sample().get("values").get(0).asText().replace("Inf", "Infinity"));
            assertThat(Double.isFinite(value)).as("the aggregator refuses it").isFalse();
        } else if (c.expect().get("accept").asBoolean()) {
            assertThat(parsed.errors()).isEmpty();
            assertKind(parsed, c.expect());
        } else {
            assertThat(parsed.rejectedLines()).isEqualTo(c.input().asText().isEmpty() ? 0 : 1);
            assertThat(parsed.sink().parsed()).isEmpty();
        }
    }

    /** Another server rewrites such names for its output; ours leave as they came. */
    @ParameterizedTest(name = "{0}")
    @CasesSource("peers.escape")
    void aNameIsNotRewritten(Case c) {
        String name = c.input().get("escape").asText();
        Parsed parsed = Parsed.of(name + ":1|c");
        assertThat(parsed.sink().enriched().getFirst().get("name").asText()).isEqualTo(name);
    }

    private static void assertKind(Parsed parsed, JsonNode expect) {
        switch (expect.get("kind").asText()) {
            case "metric" -> assertMetric(parsed, expect);
            case "event" -> CasesTest.assertFields(parsed.event(), ours(expect));
            default -> CasesTest.assertFields(parsed.check(), ours(expect));
        }
    }

    /** Values as parsed; tags as they are in the end, because that is where empty and reserved ones are gone. */
    private static void assertMetric(Parsed parsed, JsonNode expect) {
        ObjectNode fields = ours(expect);
        fields.remove("tags");
        CasesTest.assertFields(parsed.sample(), fields);
        JsonNode tags = parsed.sink().enriched().getFirst().get("tags");
        assertThat(set(tags)).isEqualTo(set(expect.get("tags")));
    }

    private static ObjectNode ours(JsonNode expect) {
        ObjectNode fields = ((ObjectNode) expect).objectNode();
        Map<String, JsonNode> all = new TreeMap<>();
        expect.properties().forEach(field -> all.put(field.getKey(), field.getValue()));
        all.keySet().removeAll(Set.of("accept", "kind", "origin_fields"));
        all.forEach((name, value) -> fields.set(OTHER_WORDS.getOrDefault(name, name), value));
        return fields;
    }

    private static Set<String> set(JsonNode array) {
        TreeSet<String> strings = new TreeSet<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
