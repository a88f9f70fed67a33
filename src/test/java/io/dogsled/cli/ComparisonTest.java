package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.DecodedPayload.Check;
import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.IntakeView.Context;
import io.dogsled.testserver.IntakeView.Distribution;
import io.dogsled.testserver.IntakeView.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each type is compared by what must hold of it over several buckets, and a wrong value is seen. */
class ComparisonTest {
    private final List<Scalar> counts = new ArrayList<>();
    private final List<Scalar> gauges = new ArrayList<>();
    private final List<Scalar> rates = new ArrayList<>();
    private final List<Distribution> sketches = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    @Test
    void aCountIsTheSumOfItsBuckets() {
        counts.add(scalar("orders", SeriesType.COUNT, Map.of(10L, 2.0, 20L, 3.0)));

        assertThat(equal(sample("orders", "count", "4"), sample("orders", "count", "1")))
                .isTrue();
        assertThat(equal(sample("orders", "count", "4"), sample("orders", "count", "2")))
                .isFalse();
    }

    @Test
    void aCountMayComeAsARateOrAsADistribution() {
        rates.add(new Scalar(Context.of("r", "t:x"), SeriesType.RATE, 10, new TreeMap<>(Map.of(10L, 0.5))));
        sketches.add(sketch("d", 5, 1, 5, 5));

        assertThat(equal(sample("r", "count", "5"), sample("d", "count", "5"))).isTrue();
    }

    @Test
    void aGaugeIsItsLastValue() {
        gauges.add(scalar("stock", SeriesType.GAUGE, Map.of(20L, 7.0, 10L, 9.0)));

        assertThat(equal(sample("stock", "gauge", "9"), sample("stock", "gauge", "7")))
                .isTrue();
        assertThat(equal(sample("stock", "gauge", "7"), sample("stock", "gauge", "9")))
                .isFalse();
    }

    @Test
    void aHistogramIsCountMaximumAndMeanOverAllBuckets() {
        counts.add(scalar("t.count", SeriesType.COUNT, Map.of(10L, 2.0, 20L, 1.0)));
        gauges.add(scalar("t.max", SeriesType.GAUGE, Map.of(10L, 3.0, 20L, 8.0)));
        gauges.add(scalar("t.avg", SeriesType.GAUGE, Map.of(10L, 2.0, 20L, 8.0)));

        assertThat(equal(histogram("1"), histogram("3"), histogram("8"))).isTrue();
        assertThat(equal(histogram("2"), histogram("3"), histogram("8")))
                .as("mean")
                .isFalse();
        assertThat(equal(histogram("1"), histogram("3"), histogram("7")))
                .as("max")
                .isFalse();
        assertThat(equal(histogram("4"), histogram("8"))).as("count").isFalse();
    }

    @Test
    void theFirstBucketBeginsWhereTheEngineDid() {
        gauges.add(scalar("who", SeriesType.GAUGE, Map.of(13L, 2.0, 20L, 1.0)));

        assertThat(equal(visitor("a", 14, 14), visitor("b", 15, 15), visitor("a", 21, 21)))
                .isTrue();
    }

    @Test
    void aSetIsCountedInEveryBucket() {
        gauges.add(scalar("who", SeriesType.GAUGE, Map.of(10L, 2.0, 20L, 1.0)));

        assertThat(equal(visitor("a", 11, 11), visitor("b", 12, 12), visitor("a", 13, 13), visitor("a", 21, 21)))
                .isTrue();
        assertThat(equal(visitor("a", 11, 11), visitor("b", 19, 20), visitor("c", 21, 21)))
                .as("b was emitted across the boundary and may be in either")
                .isTrue();
        assertThat(equal(visitor("a", 11, 11), visitor("b", 12, 12), visitor("c", 13, 13), visitor("a", 21, 21)))
                .isFalse();
        assertThat(equal(visitor("a", 11, 11), visitor("b", 12, 12)))
                .as("a bucket in which nothing was emitted")
                .isFalse();
    }

    @Test
    void aDistributionIsCountSumAndRange() {
        sketches.add(sketch("v", 6, 2, 2, 4));

        assertThat(equal(sample("v", "distribution", "2"), sample("v", "distribution", "4")))
                .isTrue();
        assertThat(equal(sample("v", "distribution", "3"), sample("v", "distribution", "3")))
                .isFalse();
    }

    @Test
    void eventsAndChecksAreCountedByContent() {
        events.add(new Event("Large", "o-1", 1, "", "", List.of("t:x", "more"), "", "", "", ""));
        checks.add(new Check("can", "", 1, 0, "", List.of("t:x")));

        assertThat(equal(sample("Large", "event", "\"o-1\""), sample("can", "check", "\"OK\"")))
                .isTrue();
        assertThat(equal(sample("Large", "event", "\"o-2\""))).isFalse();
        assertThat(equal(sample("can", "check", "\"CRITICAL\""))).isFalse();
    }

    @Test
    void whatNobodyEmittedIsADifference() {
        counts.add(scalar("ghost", SeriesType.COUNT, Map.of(10L, 1.0)));
        counts.add(scalar("aws.lambda.enhanced.invocations", SeriesType.COUNT, Map.of(10L, 1.0)));

        assertThat(Comparison.of(List.of(), intake()))
                .singleElement()
                .satisfies(row -> assertThat(row.key().name()).isEqualTo("ghost"))
                .satisfies(row -> assertThat(row.equal()).isFalse());
    }

    private boolean equal(EmittedSample... samples) {
        return Comparison.of(List.of(samples), intake()).stream()
                .filter(row -> !row.key().type().equals("?"))
                .allMatch(Comparison.Row::equal);
    }

    private IntakeView intake() {
        return new IntakeView(counts, gauges, rates, sketches, events, checks, List.of(), List.of());
    }

    private static Scalar scalar(String name, SeriesType type, Map<Long, Double> points) {
        return new Scalar(Context.of(name, "t:x", "added:by-the-extension"), type, 10, new TreeMap<>(points));
    }

    private static Distribution sketch(String name, double sum, long cnt, double min, double max) {
        SketchPoint point = new SketchPoint(10, cnt, min, max, sum / cnt, sum, List.of());
        return new Distribution(Context.of(name, "t:x"), new TreeMap<>(Map.of(10L, point)));
    }

    private static EmittedSample histogram(String value) {
        return sample("t", "histogram", value);
    }

    private static EmittedSample visitor(String who, long fromS, long toS) {
        return sample("who", "set", '"' + who + '"', fromS, toS);
    }

    private static EmittedSample sample(String name, String type, String value) {
        return sample(name, type, value, 11, 11);
    }

    private static EmittedSample sample(String name, String type, String value, long fromS, long toS) {
        String answer = "{\"emitted\":[{\"name\":\"" + name + "\",\"type\":\"" + type
                + "\",\"tags\":[\"t:x\"],\"value\":" + value + "}]}";
        return EmittedSample.in(answer, fromS, toS).orElseThrow().getFirst();
    }
}
