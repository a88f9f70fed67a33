package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * The conformance cases of parsing and enrichment. A case is compared by exactly the fields it names; a field that we do not have
 * (units, origin, hosts of metrics) makes it differ and needs an entry in {@code deviations.json}.
 */
class CasesTest {
    @ParameterizedTest(name = "{0}")
    @CasesSource({"metric.parse", "event.parse", "service_check.parse"})
    void aLineIsParsedAsTheAgentParsesIt(Case c) {
        if (isForTheEventParserAlone(c)) {
            assertEventError(c);
            return;
        }
        Parsed parsed = feed(c.input(), "msg");
        if (c.expect().has("error")) {
            assertThat(parsed.errors()).containsExactly(c.expect().get("error").asText());
            assertThat(parsed.rejectedLines()).isEqualTo(1);
        } else {
            assertThat(parsed.errors()).isEmpty();
            assertFields(c.area().equals("metric.parse") ? parsed.sample() : other(parsed), c.expect());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("enrich")
    void aSampleGetsItsFinalNameAndTags(Case c) {
        Parsed parsed = feed(c.input(), "msg");
        assertThat(parsed.errors()).isEmpty();
        if (c.expect().isArray()) {
            assertAll(parsed.sink().enriched(), c.expect());
        } else {
            assertFields(other(parsed), c.expect());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("map-tags-after-client-tags")
    void tagsOfAMappingJoinTheClients(Case c) {
        Parsed parsed = new Parsed(Settings.withMapper(c.input().get("profiles").toString()))
                .feed(c.input().get("msg").asText());
        assertFields(parsed.sink().enriched().getFirst(), c.expect());
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource(value = "packet", except = "pk-hist-to-dist")
    void aDatagramIsSplitIntoLines(Case c) {
        Parsed parsed = feed(c.input(), "datagram");
        List<ObjectNode> onTime = new ArrayList<>();
        List<ObjectNode> late = new ArrayList<>();
        for (ObjectNode sample : parsed.sink().enriched()) {
            (sample.get("ts").asLong() == 0 ? onTime : late).add(sample);
        }
        assertAll(onTime, c.expect().get("samples"));
        assertAll(late, c.expect().path("late"));
        assertThat(parsed.rejectedLines())
                .isEqualTo(c.expect().path("parse_errors").asLong(0));
        assertThat(parsed.sink().events()).hasSize(c.expect().path("events").asInt(0));
        assertThat(parsed.sink().checks())
                .hasSize(c.expect().path("service_checks").asInt(0));
    }

    /** The Agent's own test calls its event parser with lines that its server takes for metrics. */
    private static boolean isForTheEventParserAlone(Case c) {
        return c.area().equals("event.parse") && !c.input().asText().startsWith("_e{");
    }

    private static void assertEventError(Case c) {
        byte[] line = c.input().asText().getBytes(StandardCharsets.UTF_8);
        EventParser parser = new EventParser(List.of());
        assertThat(parser.parse(line, 0, line.length)).isFalse();
        assertThat(parser.rejection().errorText(line, 0, line.length))
                .isEqualTo(c.expect().get("error").asText());
    }

    private static Parsed feed(JsonNode input, String textField) {
        JsonNode config = input.path("config");
        String text = input.isTextual() ? input.asText() : input.get(textField).asText();
        return new Parsed(Settings.of(config)).feed(text);
    }

    private static ObjectNode other(Parsed parsed) {
        return parsed.sink().checks().isEmpty() ? parsed.event() : parsed.check();
    }

    private static void assertAll(List<ObjectNode> actual, JsonNode expected) {
        assertThat(actual).as("against %s", expected).hasSize(expected.size());
        for (int i = 0; i < actual.size(); i++) {
            assertFields(actual.get(i), expected.get(i));
        }
    }

    /** The fields the case names, with tags as a set once they are sorted, and nothing of the case left over. */
    static void assertFields(ObjectNode actual, JsonNode expected) {
        for (Map.Entry<String, JsonNode> field : expected.properties()) {
            JsonNode ours = actual.path(field.getKey());
            String name = field.getKey() + " of " + actual;
            if (field.getKey().equals("tags") && actual.has("value")) {
                assertThat(new TreeSet<>(strings(ours))).as(name).isEqualTo(new TreeSet<>(strings(field.getValue())));
            } else {
                assertThat(normal(ours)).as(name).isEqualTo(normal(field.getValue()));
            }
        }
    }

    /** Every number as a double, so that 1 is 1.0. */
    private static JsonNode normal(JsonNode node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node.isNumber()) {
            return json.numberNode(node.asDouble());
        }
        if (node.isArray()) {
            var array = json.arrayNode();
            node.forEach(element -> array.add(normal(element)));
            return array;
        }
        return node;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }
}
