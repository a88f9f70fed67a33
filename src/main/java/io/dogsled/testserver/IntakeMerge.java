package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Bin;
import io.dogsled.testserver.DecodedPayload.Check;
import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.DecodedPayload.Point;
import io.dogsled.testserver.DecodedPayload.Series;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import io.dogsled.testserver.DecodedPayload.Sketch;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView.Context;
import io.dogsled.testserver.IntakeView.Distribution;
import io.dogsled.testserver.IntakeView.Duplicate;
import io.dogsled.testserver.IntakeView.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Builds an {@link IntakeView} payload by payload, in the order of their acceptance. One thread. */
final class IntakeMerge {
    private static final Comparator<Context> ORDER = Comparator.comparing(Context::metric)
            .thenComparing(context -> String.join(",", context.tags()))
            .thenComparing(Context::host);

    private final Map<SeriesType, SortedMap<Context, Scalar>> scalars = new TreeMap<>();
    private final SortedMap<Context, SortedMap<Long, SketchPoint>> sketches = new TreeMap<>(ORDER);
    private final List<Event> events = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final Map<Sighting, List<String>> sightings = new LinkedHashMap<>();

    void add(String path, DecodedPayload payload) {
        payload.series().forEach(this::add);
        payload.sketches().forEach(this::add);
        for (Event event : payload.events()) {
            events.add(event);
            saw("EVENT", event.title() + event.tags(), event.timestampS(), event.toString());
        }
        for (Check check : payload.checks()) {
            checks.add(check);
            saw("CHECK", check.name() + check.tags(), check.timestampS(), check.toString());
        }
        payload.problems().forEach(problem -> problems.add(path + ": " + problem));
    }

    IntakeView view() {
        return new IntakeView(
                scalars(SeriesType.COUNT),
                scalars(SeriesType.GAUGE),
                scalars(SeriesType.RATE),
                sketches.entrySet().stream()
                        .map(entry ->
                                new Distribution(entry.getKey(), Collections.unmodifiableSortedMap(entry.getValue())))
                        .toList(),
                List.copyOf(events),
                List.copyOf(checks),
                duplicates(),
                List.copyOf(problems));
    }

    /** Two sketches of the same second, or of one distribution: counts, sums and bins add up. */
    static SketchPoint sum(SketchPoint a, SketchPoint b) {
        TreeMap<Integer, Long> bins = new TreeMap<>();
        a.bins().forEach(bin -> bins.merge(bin.k(), bin.n(), Long::sum));
        b.bins().forEach(bin -> bins.merge(bin.k(), bin.n(), Long::sum));
        long cnt = a.cnt() + b.cnt();
        double sum = a.sum() + b.sum();
        return new SketchPoint(
                Math.max(a.timestampS(), b.timestampS()),
                cnt,
                Math.min(a.min(), b.min()),
                Math.max(a.max(), b.max()),
                sum / cnt,
                sum,
                bins.entrySet().stream()
                        .map(bin -> new Bin(bin.getKey(), bin.getValue()))
                        .toList());
    }

    private void add(Series series) {
        Context context = new Context(series.metric(), series.tags(), series.host());
        Scalar scalar = scalars.computeIfAbsent(series.type(), absent -> new TreeMap<>(ORDER))
                .computeIfAbsent(
                        context, absent -> new Scalar(context, series.type(), series.intervalS(), new TreeMap<>()));
        for (Point point : series.points()) {
            scalar.points().put(point.timestampS(), point.value());
            saw(series.type().name(), context.toString(), point.timestampS(), Double.toString(point.value()));
        }
    }

    private void add(Sketch sketch) {
        Context context = new Context(sketch.metric(), sketch.tags(), sketch.host());
        SortedMap<Long, SketchPoint> points = sketches.computeIfAbsent(context, absent -> new TreeMap<>());
        for (SketchPoint point : sketch.points()) {
            points.merge(point.timestampS(), point, IntakeMerge::sum);
            saw("SKETCH", context.toString(), point.timestampS(), PayloadText.summary(point));
        }
    }

    private void saw(String kind, String name, long timestampS, String value) {
        sightings
                .computeIfAbsent(new Sighting(kind, name, timestampS), absent -> new ArrayList<>(1))
                .add(value);
    }

    private List<Scalar> scalars(SeriesType type) {
        return scalars.getOrDefault(type, Collections.emptySortedMap()).values().stream()
                .map(scalar -> new Scalar(
                        scalar.context(), type, scalar.intervalS(), Collections.unmodifiableSortedMap(scalar.points())))
                .toList();
    }

    private List<Duplicate> duplicates() {
        List<Duplicate> duplicates = new ArrayList<>();
        sightings.forEach((what, values) -> {
            if (values.size() > 1) {
                boolean same = new HashSet<>(values).size() == 1;
                duplicates.add(new Duplicate(what.kind(), what.name(), what.timestampS(), List.copyOf(values), same));
            }
        });
        return List.copyOf(duplicates);
    }

    private record Sighting(String kind, String name, long timestampS) {}
}
