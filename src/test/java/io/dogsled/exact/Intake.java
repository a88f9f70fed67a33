package io.dogsled.exact;

import io.dogsled.serializer.Payload;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.PayloadDecoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An intake that keeps the last scalar it got for a series and a second, and adds sketches up. */
final class Intake {
    private final Map<String, String> scalars = new HashMap<>();
    private final Map<String, DecodedPayload.SketchPoint> sketches = new HashMap<>();
    private final Map<String, TreeMap<Integer, Long>> bins = new HashMap<>();
    final Map<String, Integer> events = new HashMap<>();
    final Map<String, Integer> checks = new HashMap<>();
    final List<String> problems = new ArrayList<>();

    void take(Payload payload) {
        Map<String, String> headers =
                Map.of("Content-Type", payload.kind().contentType(), "Content-Encoding", payload.contentEncoding());
        DecodedPayload decoded = PayloadDecoder.decode(payload.kind().path(), headers, payload.body());
        problems.addAll(decoded.problems());
        decoded.series().forEach(this::take);
        decoded.sketches().forEach(this::take);
        decoded.events().forEach(event -> events.merge(event.title(), 1, Integer::sum));
        decoded.checks().forEach(check -> checks.merge(check.name() + " " + check.status(), 1, Integer::sum));
    }

    private void take(DecodedPayload.Series series) {
        if (series.intervalS() != 10) {
            problems.add("interval " + series.intervalS() + " of " + series.metric());
        }
        for (DecodedPayload.Point point : series.points()) {
            scalars.put(
                    series.type() + " " + series.metric() + series.tags() + " " + point.timestampS(),
                    Double.toString(point.value()));
        }
    }

    private void take(DecodedPayload.Sketch sketch) {
        for (DecodedPayload.SketchPoint point : sketch.points()) {
            String key = "SKETCH " + sketch.metric() + sketch.tags() + " " + point.timestampS();
            TreeMap<Integer, Long> all = bins.computeIfAbsent(key, absent -> new TreeMap<>());
            long count = 0;
            for (DecodedPayload.Bin bin : point.bins()) {
                all.merge(bin.k(), bin.n(), Long::sum);
                count += bin.n();
            }
            double average = point.sum() / point.cnt();
            if (count != point.cnt() || Math.abs(point.avg() - average) > 1e-9 * (1 + Math.abs(average))) {
                problems.add("a sketch that does not agree with itself: " + key + " " + point);
            }
            sketches.merge(key, point, Intake::sum);
        }
    }

    /** Count, average and bins are looked at elsewhere. */
    private static DecodedPayload.SketchPoint sum(DecodedPayload.SketchPoint a, DecodedPayload.SketchPoint b) {
        return new DecodedPayload.SketchPoint(
                a.timestampS(),
                0,
                Math.min(a.min(), b.min()),
                Math.max(a.max(), b.max()),
                0,
                a.sum() + b.sum(),
                List.of());
    }

    long eventsTwice() {
        return events.values().stream().filter(times -> times > 1).count();
    }

    /** How many bins hold more than one value. */
    long binsTwice() {
        long twice = 0;
        for (TreeMap<Integer, Long> sketch : bins.values()) {
            twice += sketch.values().stream().filter(times -> times > 1).count();
        }
        return twice;
    }

    /** Key by key what a person would see. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>(scalars);
        sketches.forEach((key, sum) ->
                shown.put(key, text(sum.min(), sum.max(), sum.sum(), bins.getOrDefault(key, new TreeMap<>()))));
        return shown;
    }

    static String text(double min, double max, double sum, Map<Integer, Long> bins) {
        return "min " + (min + 0.0) + " max " + (max + 0.0) + " sum " + (sum + 0.0) + " " + bins;
    }
}
