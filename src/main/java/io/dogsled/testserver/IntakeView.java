package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Check;
import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an intake would show after the accepted payloads: of a scalar point that came more than once (same metric, tags,
 * host, type and timestamp) the last value that was accepted; of sketches with the same metric, tags, host and timestamp
 * the sum. Immutable; made from the payloads at one moment. Lists are sorted by metric and tags, events and checks are in
 * the order of arrival with their repetitions.
 *
 * @param duplicates every point, sketch, event and check that came more than once
 * @param problems what could not be read or is suspicious, with the path it came on
 */
public record IntakeView(
        List<Scalar> counts,
        List<Scalar> gauges,
        List<Scalar> rates,
        List<Distribution> sketches,
        List<Event> events,
        List<Check> checks,
        List<Duplicate> duplicates,
        List<String> problems) {

    /** Merges payloads given in the order of their acceptance. */
    public static IntakeView of(List<ReceivedPayload> payloads) {
        IntakeMerge merge = new IntakeMerge();
        payloads.forEach(payload -> merge.add(payload.path(), payload.decoded()));
        return merge.view();
    }

    /** The sum of all points of a COUNT, 0 if none came; the tags in any order. */
    public double countTotal(String metric, String... tags) {
        return totalOf(counts, metric, tags);
    }

    /** The newest value of a GAUGE, NaN if none came. */
    public double lastGauge(String metric, String... tags) {
        Context context = Context.of(metric, tags);
        for (Scalar gauge : gauges) {
            if (gauge.context().equals(context)) {
                return gauge.last();
            }
        }
        return Double.NaN;
    }

    /** All sketches of a distribution added up; an empty one ({@code cnt} 0) if none came. */
    public SketchPoint sketchTotal(String metric, String... tags) {
        Context context = Context.of(metric, tags);
        for (Distribution distribution : sketches) {
            if (distribution.context().equals(context)) {
                return distribution.total();
            }
        }
        return new SketchPoint(0, 0, 0, 0, 0, 0, List.of());
    }

    private static double totalOf(List<Scalar> series, String metric, String... tags) {
        Context context = Context.of(metric, tags);
        for (Scalar one : series) {
            if (one.context().equals(context)) {
                return one.total();
            }
        }
        return 0;
    }

    /** What makes points belong together besides their type; tags sorted and unique, host "" if none was sent. */
    public record Context(String metric, List<String> tags, String host) {
        public Context {
            SortedSet<String> unique = new TreeSet<>(tags);
            tags = List.copyOf(unique);
        }

        /** The context of a metric without a host. */
        public static Context of(String metric, String... tags) {
            return new Context(metric, List.of(tags), "");
        }

        /** {@code orders.placed[env:dev, team:a]}. */
        @Override
        public String toString() {
            return metric + tags + (host.isEmpty() ? "" : "@" + host);
        }
    }

    /** The points of one count, gauge or rate by second since the epoch. */
    public record Scalar(Context context, SeriesType type, long intervalS, SortedMap<Long, Double> points) {
        /** The sum of the points. */
        public double total() {
            return points.values().stream().mapToDouble(Double::doubleValue).sum();
        }

        /** The value with the newest timestamp. */
        public double last() {
            return points.sequencedValues().getLast();
        }
    }

    /** The sketches of one distribution by second since the epoch. */
    public record Distribution(Context context, SortedMap<Long, SketchPoint> points) {
        /** All of them as one, at the newest timestamp. */
        public SketchPoint total() {
            return points.values().stream().reduce(IntakeMerge::sum).orElseThrow();
        }
    }

    /**
     * Something that came more than once.
     *
     * @param kind {@code COUNT}, {@code GAUGE}, {@code RATE}, {@code SKETCH}, {@code EVENT} or {@code CHECK}
     * @param name metric with tags, title, or check name
     * @param values as they came, as text
     * @param same whether all of them are equal: a resend; otherwise a newer value
     */
    public record Duplicate(String kind, String name, long timestampS, List<String> values, boolean same) {}
}
