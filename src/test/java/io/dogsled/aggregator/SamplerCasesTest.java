package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.testing.Case;
import io.dogsled.testing.Cases;
import io.dogsled.testing.CasesSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/** What the Agent's sampler makes of samples (agent: time_sampler_test.go). Where it expects rates, count mode rate. */
class SamplerCasesTest {
    private static final Map<String, String> WIRE =
            Map.of("counter", "c", "count", "c", "gauge", "g", "histogram", "h", "distribution", "d");

    @ParameterizedTest(name = "{0}")
    @CasesSource(
            value = "sampler",
            except = {"ts-bucket-start", "ts-tag-strip-merge"}) // the latter needs an enricher: TagFilterTest
    void sampler(Case c) {
        Rig rig = new Rig(settings(c));
        MetricBatch batch = run(rig, c);
        JsonNode expect = c.expect();
        if (expect.has("series")) {
            assertThat(series(batch)).isEqualTo(expectedSeries(expect.get("series")));
        }
        if (expect.has("sketches")) {
            assertThat(sketches(batch)).isEqualTo(expectedSketches(expect.get("sketches")));
        }
        if (expect.has("names")) {
            assertThat(names(batch)).containsExactlyElementsOf(texts(expect.get("names")));
        }
        if (expect.has("second_flush")) {
            assertThat(rig.flush(c.input().get("flush_at").asLong() + 1).isEmpty())
                    .isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CasesSource("ts-bucket-start")
    void bucketStart(Case c) {
        for (int i = 0; i < c.input().get("timestamps").size(); i++) {
            Rig rig = new Rig();
            rig.send(c.input().get("timestamps").get(i).asDouble(), "x:1|g");
            assertThat(rig.flush(200_000).series().getFirst().timestampS())
                    .isEqualTo(c.expect().get("buckets").get(i).asLong());
        }
    }

    private static MetricBatch run(Rig rig, Case c) {
        JsonNode input = c.input();
        if (input.has("after")) {
            runBefore(rig, input.get("after").asText());
        }
        for (JsonNode sample : input.path("samples")) {
            String rate = sample.has("rate") ? "|@" + sample.get("rate") : "";
            rig.send(
                    sample.get("at").asDouble(),
                    line(sample) + rate + "|#" + String.join(",", texts(sample.get("tags"))));
        }
        long lastS = 0;
        for (JsonNode sample : input.path("late_samples")) {
            lastS = sample.get("timestamp").asLong();
            rig.send(lastS + 1.0, line(sample) + "|T" + lastS);
        }
        return rig.flush(input.path("flush_at").asDouble(lastS + 2.0));
    }

    /** The case before; the first of the chain is not in the file: two counters, c1 in one bucket, c2 in the two after. */
    private static void runBefore(Rig rig, String id) {
        if (id.equals("ts-counter-zero-fill")) {
            rig.send(1011, "my.counter1:1|c");
            rig.send(1021, "my.counter2:2|c");
            rig.send(1031, "my.counter2:2|c");
            assertThat(rig.flush(1040).series()).hasSize(3);
        } else {
            run(rig, Cases.byId(id));
        }
    }

    private static String line(JsonNode sample) {
        String value = sample.get("value").asText().replace("+Inf", "Infinity");
        return sample.get("name").asText() + ":" + value + "|"
                + WIRE.get(sample.get("type").asText());
    }

    private static Config.Aggregation settings(Case c) {
        boolean rates = c.expect().toString().contains("\"rate\"");
        Config.Aggregation plain = Rig.settings(rates ? Config.CountMode.RATE : Config.CountMode.COUNT);
        return new Config.Aggregation(
                plain.histogramAggregates(),
                plain.histogramPercentiles(),
                false,
                "",
                plain.countMode(),
                new Config.NameFilter(texts(c.input().path("filterlist")), false),
                20_000,
                1);
    }

    private static Map<String, String> series(MetricBatch batch) {
        Map<String, TreeMap<Long, Double>> points = new TreeMap<>();
        for (SeriesPoint point : batch.series()) {
            for (SeriesPoint.Value value : point.values()) {
                String key = value.kind().name().toLowerCase(Locale.ROOT) + " " + value.metric()
                        + point.context().tags() + " " + value.intervalS();
                points.computeIfAbsent(key, absent -> new TreeMap<>()).put(point.timestampS(), value.value());
            }
        }
        Map<String, String> texts = new TreeMap<>();
        points.forEach((key, value) -> texts.put(key, value.toString()));
        return texts;
    }

    private static Map<String, String> expectedSeries(JsonNode series) {
        Map<String, String> expected = new TreeMap<>();
        for (JsonNode one : series) {
            TreeMap<Long, Double> points = new TreeMap<>();
            one.get("points")
                    .forEach(point ->
                            points.put(point.get(0).asLong(), point.get(1).asDouble()));
            String key = one.get("type").asText() + " " + one.get("name").asText()
                    + new TreeSet<>(texts(one.path("tags"))) + " " + one.get("interval");
            expected.put(key, points.toString());
        }
        return expected;
    }

    private static List<String> sketches(MetricBatch batch) {
        List<String> texts = new ArrayList<>();
        for (SketchPoint point : batch.sketches()) {
            texts.add(point.context().name() + " " + point.timestampS() + " min="
                    + point.sketch().min() + " max=" + point.sketch().max() + " avg="
                    + point.sketch().average() + " " + Rig.text(point.sketch()));
        }
        texts.sort(null);
        return texts;
    }

    private static List<String> expectedSketches(JsonNode sketches) {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : sketches) {
            for (JsonNode point : one.get("points")) {
                StringBuilder bins = new StringBuilder();
                for (int i = 0; i < point.get("k").size(); i++) {
                    bins.append(' ')
                            .append(point.get("k").get(i))
                            .append(':')
                            .append(point.get("n").get(i));
                }
                texts.add(one.get("name").asText() + " " + point.get("ts") + " min=" + point.get("min") + " max="
                        + point.get("max") + " avg=" + point.get("avg") + " cnt=" + point.get("cnt") + " sum="
                        + point.get("sum") + bins);
            }
        }
        texts.sort(null);
        return texts;
    }

    private static Set<String> names(MetricBatch batch) {
        Set<String> names = new TreeSet<>();
        batch.series()
                .forEach(point ->
                        point.values().forEach(value -> names.add(value.metric().toString())));
        batch.sketches().forEach(point -> names.add(point.context().name().toString()));
        return names;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
