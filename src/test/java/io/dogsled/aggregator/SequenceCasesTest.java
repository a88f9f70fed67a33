package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;

/** What several lines add up to: sequences of other servers' tests, and a histogram's copy as a distribution. */
class SequenceCasesTest {
    @ParameterizedTest(name = "{0}")
    @CasesSource("peers.sequence")
    void sequence(Case c) {
        Rig rig = new Rig();
        c.input().forEach(line -> rig.send(1_001, line.asText()));
        if (c.expect().has("contexts")) {
            assertThat(rig.aggregator.contexts())
                    .isEqualTo(c.expect().get("contexts").asInt());
        }
        MetricBatch batch = rig.flush(1_002);
        SeriesPoint point = batch.series().getFirst();
        assertThat(batch.series()).hasSize(1);
        if (c.expect().has("stats")) {
            assertThat(stats(point)).isEqualTo(expectedStats(c.expect().get("stats")));
            return;
        }
        JsonNode total = c.expect().get("after_all");
        assertThat(point.context().name()).hasToString(total.get("name").asText());
        assertThat(point.values().getFirst().kind().name())
                .isEqualToIgnoringCase(
                        c.expect().path("flushed_as").asText(total.get("type").asText()));
        assertThat(point.values().getFirst().value())
                .isEqualTo(total.get("value").asDouble());
        if (total.has("tags")) {
            List<String> tags = new ArrayList<>();
            total.get("tags").forEach(tag -> tags.add(tag.asText()));
            assertThat(point.context().tags()).hasToString(tags.toString());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("pk-hist-to-dist")
    void histogramToDistribution(Case c) {
        JsonNode config = c.input().get("config");
        Rig rig = new Rig(new Config.Aggregation(
                List.of("max"),
                List.of(95),
                config.get("histogram_copy_to_distribution").asBoolean(),
                config.get("histogram_copy_to_distribution_prefix").asText(),
                Config.CountMode.COUNT,
                Rig.NO_FILTER,
                20_000,
                1));
        rig.send(1_001, c.input().get("datagram").asText());
        List<String> flushed = rig.flushed(1_002);
        for (JsonNode sample : c.expect().get("samples")) {
            boolean copy = sample.get("type").asText().equals("distribution");
            String name = sample.get("name").asText();
            double value = sample.get("value").asDouble();
            assertThat(flushed)
                    .anyMatch(line -> line.contains(copy ? "SKETCH " + name + "[" : "GAUGE " + name + ".max[")
                            && line.contains(copy ? " cnt=1 sum=" + value : " " + value)
                            && line.contains("[sometag1:somevalue1, sometag2:somevalue2] 1000"));
        }
        assertThat(flushed).hasSize(3);
    }

    private static Map<String, Double> stats(SeriesPoint point) {
        Map<String, Double> stats = new TreeMap<>();
        for (SeriesPoint.Value value : point.values()) {
            String name = value.metric().toString();
            stats.put(name.substring(name.indexOf('.') + 1), value.value());
        }
        return stats;
    }

    private static Map<String, Double> expectedStats(JsonNode stats) {
        Map<String, Double> expected = new TreeMap<>();
        stats.properties()
                .forEach(entry -> expected.put(entry.getKey(), entry.getValue().asDouble()));
        return expected;
    }
}
