package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;

/** The Agent's expectations of histograms (agent: histogram_test.go). Its {@code .count} is a rate: count mode rate. */
class HistogramCasesTest {
    @ParameterizedTest(name = "{0}")
    @CasesSource(
            value = "histogram",
            except = {"hi-percentile-conf", "hi-default-conf", "hi-conf-sorted"})
    void values(Case c) {
        Rig rig = new Rig(settings(c.input()));
        long flushS = c.input().path("flush_ts").asLong(60);
        if (c.input().has("after_flush_of")) {
            send(rig, flushS - 20, c.input().get("after_flush_of"));
            rig.flush(flushS - 10);
        }
        send(rig, flushS - 10, c.input().get("samples"));
        Map<String, Double> actual = new HashMap<>();
        for (SeriesPoint point : rig.flush(flushS).series()) {
            assertThat(point.timestampS()).isEqualTo(flushS - 10);
            for (SeriesPoint.Value value : point.values()) {
                actual.put(value.metric().toString(), value.value());
            }
        }
        assertThat(actual).isEqualTo(expected(c.expect()));
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource({"hi-percentile-conf", "hi-default-conf", "hi-conf-sorted"})
    void settings(Case c) {
        Map<String, String> environment = new HashMap<>();
        c.input()
                .properties()
                .forEach(entry -> environment.put(
                        "DD_" + entry.getKey().toUpperCase(java.util.Locale.ROOT),
                        String.join(" ", texts(entry.getValue()))));
        Config.Aggregation read =
                ConfigReader.read(environment, new ArrayList<>()).aggregation();
        List<Integer> percentiles = new ArrayList<>();
        c.expect().get("percentiles").forEach(percentile -> percentiles.add(percentile.asInt()));
        assertThat(read.histogramPercentiles()).isEqualTo(percentiles);
        if (c.expect().has("aggregates")) {
            assertThat(read.histogramAggregates()).isEqualTo(texts(c.expect().get("aggregates")));
        }
    }

    private static Config.Aggregation settings(JsonNode input) {
        List<Integer> percentiles = new ArrayList<>();
        input.path("percentiles").forEach(percentile -> percentiles.add(percentile.asInt()));
        return new Config.Aggregation(
                texts(input.path("aggregates")),
                percentiles,
                false,
                "",
                Config.CountMode.RATE,
                Rig.NO_FILTER,
                20_000,
                1);
    }

    /** Value and rate; the parser has made a rate outside (0, 1] a 1. */
    private static void send(Rig rig, long atS, JsonNode samples) {
        for (JsonNode sample : samples) {
            double rate = sample.get(1).asDouble();
            rig.send(atS, "h:" + sample.get(0) + "|h|@" + (rate > 0 && rate <= 1 ? rate : 1));
        }
    }

    private static Map<String, Double> expected(JsonNode expect) {
        Map<String, Double> expected = new HashMap<>();
        if (!expect.has("series")) {
            expect.properties()
                    .forEach(entry ->
                            expected.put("h." + entry.getKey(), entry.getValue().asDouble()));
        }
        return expected;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
