package io.dogsled.serializer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** The payloads of the conformance cases, byte by byte or as JSON. */
class PayloadCasesTest {
    private final PayloadSerializer serializer = new PayloadSerializer(false);

    @ParameterizedTest(name = "{0}")
    @CasesSource("payload")
    void payload(Case c) throws IOException {
        Payload payload = encode(c.input());
        assertThat(payload.kind().path()).isEqualTo(c.input().get("endpoint").asText());
        if (c.expect().has("protobuf_hex")) {
            assertThat(HexFormat.of().formatHex(payload.body()))
                    .isEqualTo(c.expect().get("protobuf_hex").asText());
        } else {
            assertThat(new ObjectMapper().readTree(payload.body()))
                    .isEqualTo(c.expect().get("json"));
        }
    }

    private Payload encode(JsonNode input) {
        return switch (input.get("endpoint").asText()) {
            case "/api/beta/sketches" ->
                serializer.sketches(
                        Batches.of(input.get("ts").asLong(), distribution(input))
                                .sketches(),
                        1);
            case "/intake/" -> serializer.events(List.of(event(input.get("event"))), 1);
            case "/api/v1/check_run" -> serializer.checks(List.of(check(input.get("check"))), 1);
            default -> throw new IllegalArgumentException(input.toString());
        };
    }

    private static String distribution(JsonNode input) {
        List<String> values = new ArrayList<>();
        input.get("values").forEach(value -> values.add(value.asText()));
        return input.get("metric").asText() + ":" + String.join(":", values) + "|d|#"
                + String.join(",", strings(input.get("tags")));
    }

    private static Event event(JsonNode event) {
        return new Event(
                event.get("title").asText(),
                event.get("text").asText(),
                event.get("ts").asLong(),
                event.path("priority").asText(),
                event.get("host").asText(),
                strings(event.path("tags")),
                event.path("alert_type").asText(),
                event.path("aggregation_key").asText(),
                event.path("source_type").asText());
    }

    private static ServiceCheck check(JsonNode check) {
        return new ServiceCheck(
                check.get("name").asText(),
                check.get("status").asInt(),
                check.get("ts").asLong(),
                check.get("host").asText(),
                check.get("message").asText(),
                strings(check.get("tags")));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(string -> strings.add(string.asText()));
        return strings;
    }
}
