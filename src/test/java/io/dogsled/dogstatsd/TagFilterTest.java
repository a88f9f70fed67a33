package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tags taken off by metric name: {@code DD_METRIC_TAG_FILTERLIST}, from the datagram to the flush. */
class TagFilterTest {
    private static final String RULES = """
            [{"metric_name":"m","action":"exclude","tags":["user","bare"],"later":{"field":[1]}},
             {"metric_name":"kept","action":"include","tags":["env"]}]
            """;

    @ParameterizedTest(name = "{0}")
    @CasesSource("ts-tag-strip-merge")
    void whatBecomesEqualIsOne(Case c) {
        StringBuilder datagram = new StringBuilder();
        for (JsonNode sample : c.input().get("samples")) {
            List<String> tags = new ArrayList<>();
            sample.get("tags").forEach(tag -> tags.add(tag.asText()));
            String name = sample.get("name").asText();
            datagram.append(name + ":" + sample.get("value") + "|d|T" + sample.get("at") + "|#" + String.join(",", tags)
                    + "\n");
        }
        MetricBatch batch = flushed(rules(c.input().get("tag_exclude")), datagram.toString());

        JsonNode expected = c.expect().get("sketches").get(0);
        JsonNode expectedPoint = expected.get("points").get(0);
        assertThat(batch.sketches()).hasSize(1);
        SketchPoint point = batch.sketches().getFirst();
        assertThat(point.context().tags())
                .hasToString("[" + expected.get("tags").get(0).asText() + "]");
        assertThat(point.timestampS()).isEqualTo(expectedPoint.get("ts").asLong());
        assertThat(point.sketch().count()).isEqualTo(expectedPoint.get("cnt").asLong());
        assertThat(point.sketch().sum()).isEqualTo(expectedPoint.get("sum").asDouble());
        for (int i = 0; i < point.sketch().bins(); i++) {
            assertThat(point.sketch().key(i))
                    .isEqualTo(expectedPoint.get("k").get(i).asInt());
            assertThat(point.sketch().binCount(i))
                    .isEqualTo(expectedPoint.get("n").get(i).asInt());
        }
    }

    @Test
    void countersOfContextsThatBecomeEqualAddUp() {
        assertThat(series(RULES, "m:1|c|#user:a,env:x\nm:2|c|#env:x,user:b\nm:4|c|#bare,env:x"))
                .containsExactly("m[env:x] 7.0");
    }

    @Test
    void includedTagsAloneStay() {
        assertThat(series(RULES, "kept:1|c|#user:a,env:x,environment:y\nkept:2|c|#env:x,env"))
                .containsExactlyInAnyOrder("kept[env:x] 1.0", "kept[env, env:x] 2.0");
    }

    /** Of two gauges that become one the last would hide the other; the Agent leaves them alone too. */
    @ParameterizedTest
    @ValueSource(strings = {"g", "s", "h", "ms"})
    void whatDoesNotAddUpKeepsItsTags(String type) {
        assertThat(series(RULES, "m:1|" + type + "|#user:a"))
                .allMatch(line -> line.contains("[user:a]"))
                .isNotEmpty();
    }

    @Test
    void otherNamesKeepTheirTags() {
        assertThat(series(RULES, "m.x:1|c|#user:a\nn:1|c|#bare"))
                .containsExactlyInAnyOrder("m.x[user:a] 1.0", "n[bare] 1.0");
    }

    @Test
    void theNameIsTheFinalOneAndTheServersTagsAreTagsToo() {
        Map<String, String> environment =
                new HashMap<>(Map.of("DD_STATSD_METRIC_NAMESPACE", "ns", "DD_TAGS", "user:a,b"));
        environment.put("DD_METRIC_TAG_FILTERLIST", RULES.replace("\"m\"", "\"ns.m\""));
        assertThat(lines(flushed(environment, "m:1|c"))).containsExactly("ns.m[b] 1.0");
    }

    @Test
    void rulesOfOneNameAreJoinedAndExcludeWins() {
        String same =
                "[{\"metric_name\":\"m\",\"tags\":[\"a\"]},{\"metric_name\":\"m\",\"action\":\"\",\"tags\":[\"b\"]}]";
        assertThat(series(same, "m:1|c|#a:1,b:1,c:1")).containsExactly("m[c:1] 1.0");
        String mixed =
                "[{\"metric_name\":\"m\",\"action\":\"include\",\"tags\":[\"a\"]},{\"metric_name\":\"m\",\"action\":\"exclude\",\"tags\":[\"b\"]},"
                        + "{\"metric_name\":\"m\",\"action\":\"include\",\"tags\":[\"z\"]}]";
        assertThat(series(mixed, "m:1|c|#a:1,b:1,c:1")).containsExactly("m[a:1, c:1] 1.0");
    }

    @Test
    void anUnknownActionExcludes() {
        assertThat(series("[{\"metric_name\":\"m\",\"action\":\"drop\",\"tags\":[\"a\"]}]", "m:1|c|#a:1,b:1"))
                .containsExactly("m[b:1] 1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "{}",
                "[",
                "[{]",
                "[{\"metric_name\":\"m\"",
                "[1]",
                "[{\"tags\":[\"a\"]}]",
                "[{\"metric_name\":\"m\",\"tags\":\"a\"}]",
                "[{\"metric_name\":\"m\",\"tags\":[1]}]",
                "[{\"metric_name\":\"m\",\"tags\":[\"a\"]},{\"metric_name\":7}]"
            })
    void afterAFaultNoTagIsTakenOff(String rules) {
        assertThat(series(rules, "m:1|c|#a:1")).containsExactly("m[a:1] 1.0");
    }

    private static String rules(JsonNode excludedTags) {
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        excludedTags
                .properties()
                .forEach(entry -> rules.addObject()
                        .put("metric_name", entry.getKey())
                        .put("action", "exclude")
                        .set("tags", entry.getValue()));
        return rules.toString();
    }

    private static List<String> series(String rules, String datagram) {
        return lines(flushed(rules, datagram));
    }

    private static List<String> lines(MetricBatch batch) {
        List<String> lines = new ArrayList<>();
        for (SeriesPoint point : batch.series()) {
            SeriesPoint.Value value = point.values().getFirst();
            lines.add(point.context().name() + "" + point.context().tags() + " " + value.value());
        }
        return lines;
    }

    private static MetricBatch flushed(String rules, String datagram) {
        return flushed(Map.of("DD_METRIC_TAG_FILTERLIST", rules), datagram);
    }

    private static MetricBatch flushed(Map<String, String> environment, String datagram) {
        Config config = ConfigReader.read(environment, new ArrayList<>());
        Instruments instruments = Settings.instruments();
        Aggregator aggregator = new Aggregator(
                config.aggregation(),
                DogStatsDServer.enricher(config.dogstatsd(), instruments),
                instruments.counters());
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        Parsers.parser(config.dogstatsd(), aggregator, instruments).onDatagram(bytes, bytes.length);
        return aggregator.flush(0);
    }
}
