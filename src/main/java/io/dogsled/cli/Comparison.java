package io.dogsled.cli;

import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the function emitted against what an intake would show of it.
 *
 * <p>Tags may grow on the way (the extension adds its own), so a context matches when it has the name and all the emitted tags.
 * Values are compared as numbers: counts by their sum, gauges by the last one, histograms and timings by count, maximum and mean
 * over all buckets, distributions by count, sum, minimum and maximum, sets bucket by bucket. What arrived without having been
 * emitted is a difference too, except metrics about the platform or about Dogsled itself.
 */
final class Comparison {
    private final IntakeView intake;
    private final ScalarSearch scalars;
    private final Set<String> expected = new LinkedHashSet<>();

    private Comparison(IntakeView intake) {
        this.intake = intake;
        this.scalars = new ScalarSearch(intake);
    }

    /** One row per emitted context, names in the order of their first emission, then what nobody emitted. */
    static List<Row> of(List<EmittedSample> emitted, IntakeView intake) {
        Map<String, Map<EmittedSample.Key, List<EmittedSample>>> byName = new LinkedHashMap<>();
        emitted.forEach(sample -> byName.computeIfAbsent(sample.key().name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(sample.key(), key -> new ArrayList<>())
                .add(sample));
        Comparison comparison = new Comparison(intake);
        List<Row> rows = new ArrayList<>();
        byName.values().forEach(byKey -> byKey.forEach((key, samples) -> rows.add(comparison.row(key, samples))));
        rows.addAll(comparison.notEmitted());
        return rows;
    }

    private Row row(EmittedSample.Key key, List<EmittedSample> samples) {
        return switch (key.type()) {
            case "count" -> count(key, samples);
            case "gauge" -> gauge(key, samples);
            case "histogram", "timing" -> histogram(key, samples);
            case "set" -> set(key, samples);
            case "distribution" -> distribution(key, samples);
            case "event" -> event(key, samples);
            case "check" -> check(key, samples);
            default -> new Row(key, samples.size() + " samples", "unknown type", false);
        };
    }

    private Row count(EmittedSample.Key key, List<EmittedSample> samples) {
        expected.add(key.name());
        double sum = samples.stream().mapToDouble(EmittedSample::number).sum();
        if (!scalars.hasCount(key.name(), key.tags()) && sketched(key)) {
            double arrived = scalars.sketch(key.name(), key.tags()).sum();
            return new Row(key, number(sum), number(arrived), close(sum, arrived));
        }
        double arrived = scalars.countTotal(key.name(), key.tags());
        return new Row(key, number(sum), number(arrived), close(sum, arrived));
    }

    private Row gauge(EmittedSample.Key key, List<EmittedSample> samples) {
        expected.add(key.name());
        double last = samples.getLast().number();
        double arrived = scalars.lastGauge(key.name(), key.tags());
        return new Row(key, number(last), number(arrived), close(last, arrived));
    }

    private Row histogram(EmittedSample.Key key, List<EmittedSample> samples) {
        for (String aggregate : List.of(".count", ".max", ".avg", ".median", ".95percentile", ".min", ".sum")) {
            expected.add(key.name() + aggregate);
        }
        double max = samples.stream().mapToDouble(EmittedSample::number).max().orElse(0);
        double mean =
                samples.stream().mapToDouble(EmittedSample::number).average().orElse(0);
        double arrivedCount = scalars.countTotal(key.name() + ".count", key.tags());
        double arrivedMax = scalars.maxGauge(key.name() + ".max", key.tags());
        double arrivedMean = scalars.weightedMean(key.name(), key.tags());
        boolean equal = close(samples.size(), arrivedCount) && close(max, arrivedMax) && close(mean, arrivedMean);
        return new Row(key, summary(samples.size(), max, mean), summary(arrivedCount, arrivedMax, arrivedMean), equal);
    }

    private static String summary(double count, double max, double mean) {
        return count == 0 ? "0x" : number(count) + "x, max " + number(max) + ", avg " + number(mean);
    }

    private Row set(EmittedSample.Key key, List<EmittedSample> samples) {
        expected.add(key.name());
        SetBuckets buckets = SetBuckets.of(samples);
        Map<Long, Double> arrived = scalars.gaugePoints(key.name(), key.tags());
        return new Row(key, buckets.emitted(), buckets.describe(arrived), buckets.matches(arrived));
    }

    private Row distribution(EmittedSample.Key key, List<EmittedSample> samples) {
        expected.add(key.name());
        double sum = samples.stream().mapToDouble(EmittedSample::number).sum();
        double min = samples.stream().mapToDouble(EmittedSample::number).min().orElse(0);
        double max = samples.stream().mapToDouble(EmittedSample::number).max().orElse(0);
        SketchPoint sketch = scalars.sketch(key.name(), key.tags());
        boolean equal = sketch.cnt() == samples.size()
                && close(sum, sketch.sum())
                && close(min, sketch.min())
                && close(max, sketch.max());
        SketchPoint sent = new SketchPoint(0, samples.size(), min, max, sum / samples.size(), sum, List.of());
        return new Row(key, summary(sent), summary(sketch), equal);
    }

    private static String summary(SketchPoint sketch) {
        return sketch.cnt() == 0
                ? "0x"
                : sketch.cnt() + "x, sum " + number(sketch.sum()) + ", " + number(sketch.min()) + ".."
                        + number(sketch.max());
    }

    private boolean sketched(EmittedSample.Key key) {
        return scalars.sketch(key.name(), key.tags()).cnt() > 0;
    }

    private Row event(EmittedSample.Key key, List<EmittedSample> samples) {
        List<String> sent =
                samples.stream().map(s -> s.value().asText()).sorted().toList();
        List<String> arrived = intake.events().stream()
                .filter(e -> e.title().equals(key.name()) && e.tags().containsAll(key.tags()))
                .map(e -> e.text())
                .sorted()
                .toList();
        return new Row(key, sent.size() + "x", arrived.size() + "x", sent.equals(arrived));
    }

    private Row check(EmittedSample.Key key, List<EmittedSample> samples) {
        List<String> words = List.of("OK", "WARNING", "CRITICAL", "UNKNOWN");
        List<String> sent =
                samples.stream().map(s -> s.value().asText()).sorted().toList();
        List<String> arrived = intake.checks().stream()
                .filter(c -> c.name().equals(key.name()) && c.tags().containsAll(key.tags()))
                .map(c -> c.status() >= 0 && c.status() < 4 ? words.get(c.status()) : "status " + c.status())
                .sorted()
                .toList();
        return new Row(key, counted(sent), counted(arrived), sent.equals(arrived));
    }

    private static String counted(List<String> statuses) {
        return statuses.isEmpty() ? "0x" : statuses.size() + "x " + String.join(",", new LinkedHashSet<>(statuses));
    }

    private List<Row> notEmitted() {
        Set<String> names = new LinkedHashSet<>(scalars.names());
        names.removeAll(expected);
        names.removeIf(name -> name.startsWith("aws.lambda.") || name.startsWith("datadog."));
        List<Row> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(new Row(new EmittedSample.Key(name, "?", List.of()), "nothing", "something", false));
        }
        return rows;
    }

    /** Equal but for the order in which doubles were added. */
    static boolean close(double a, double b) {
        return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.max(Math.abs(a), Math.abs(b)));
    }

    /** For people: no decimals where there are none, at most three otherwise. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "nothing";
        }
        double rounded = Math.round(value * 1000) / 1000.0;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /** A line of the table; {@code emitted} and {@code arrived} are for people, {@code equal} was decided on numbers. */
    record Row(EmittedSample.Key key, String emitted, String arrived, boolean equal) {}
}
