package io.dogsled.cli;

import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.IntakeView.Context;
import io.dogsled.testserver.IntakeView.Scalar;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds series in an intake by name and by the tags they must at least have. */
final class ScalarSearch {
    private final IntakeView intake;

    ScalarSearch(IntakeView intake) {
        this.intake = intake;
    }

    boolean hasCount(String name, List<String> tags) {
        return Stream.concat(intake.counts().stream(), intake.rates().stream())
                .anyMatch(scalar -> matches(scalar.context(), name, tags));
    }

    /** Sum of the counts, a rate counting as its value times its interval. */
    double countTotal(String name, List<String> tags) {
        double counts =
                find(intake.counts(), name, tags).mapToDouble(Scalar::total).sum();
        double rates = find(intake.rates(), name, tags)
                .mapToDouble(rate -> rate.total() * rate.intervalS())
                .sum();
        return counts + rates;
    }

    /** The newest value, NaN if none came. */
    double lastGauge(String name, List<String> tags) {
        SortedMap<Long, Double> points = gaugePoints(name, tags);
        return points.isEmpty() ? Double.NaN : points.sequencedValues().getLast();
    }

    double maxGauge(String name, List<String> tags) {
        return gaugePoints(name, tags).values().stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(Double.NaN);
    }

    /** The mean over all buckets of a histogram, from its means and counts per bucket. */
    double weightedMean(String name, List<String> tags) {
        Map<Long, Double> means = gaugePoints(name + ".avg", tags);
        Map<Long, Double> counts = countPoints(name + ".count", tags);
        double sum = 0;
        double count = 0;
        for (Map.Entry<Long, Double> mean : means.entrySet()) {
            double inBucket = counts.getOrDefault(mean.getKey(), 0.0);
            sum += mean.getValue() * inBucket;
            count += inBucket;
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    SortedMap<Long, Double> gaugePoints(String name, List<String> tags) {
        SortedMap<Long, Double> points = new TreeMap<>();
        find(intake.gauges(), name, tags).forEach(gauge -> points.putAll(gauge.points()));
        return points;
    }

    /** All sketches of the name and tags; empty (count 0) if none came. */
    SketchPoint sketch(String name, List<String> tags) {
        return intake.sketches().stream()
                .filter(sketch -> matches(sketch.context(), name, tags))
                .map(IntakeView.Distribution::total)
                .findFirst()
                .orElse(new SketchPoint(0, 0, 0, 0, 0, 0, List.of()));
    }

    /** Every metric name that arrived. */
    Set<String> names() {
        Set<String> names = new LinkedHashSet<>();
        Stream.of(intake.counts(), intake.gauges(), intake.rates())
                .flatMap(List::stream)
                .forEach(scalar -> names.add(scalar.context().metric()));
        intake.sketches().forEach(sketch -> names.add(sketch.context().metric()));
        return names;
    }

    private Map<Long, Double> countPoints(String name, List<String> tags) {
        Map<Long, Double> points = new TreeMap<>();
        find(intake.counts(), name, tags).forEach(count -> points.putAll(count.points()));
        find(intake.rates(), name, tags)
                .forEach(rate -> rate.points().forEach((at, value) -> points.put(at, value * rate.intervalS())));
        return points;
    }

    private static Stream<Scalar> find(List<Scalar> series, String name, List<String> tags) {
        return series.stream().filter(scalar -> matches(scalar.context(), name, tags));
    }

    private static boolean matches(Context context, String name, List<String> tags) {
        return context.metric().equals(name) && context.tags().containsAll(tags);
    }
}
