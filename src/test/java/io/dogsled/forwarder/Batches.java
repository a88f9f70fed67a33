package io.dogsled.forwarder;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;

/** Builds batches as an aggregator would hand them over. */
final class Batches {
    private final List<SeriesPoint> series = new ArrayList<>();
    private final List<SketchPoint> sketches = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private final List<ServiceCheck> checks = new ArrayList<>();
    private long newSamples;

    /** A counter's bucket with {@code samples} in all, {@code fresh} of them for the first time. */
    Batches count(String name, long timestampS, Receipt receipt, long samples, long fresh) {
        Context context = new Context(MetricType.COUNT, Text.of(name), List.of());
        SeriesPoint.Value value = new SeriesPoint.Value(Text.of(name), SeriesPoint.Kind.COUNT, 10, samples);
        series.add(new SeriesPoint(context, timestampS, samples, receipt, List.of(value)));
        newSamples += fresh;
        return this;
    }

    /** A counter's bucket that is flushed once. */
    Batches count(String name, long timestampS, long samples) {
        return count(name, timestampS, new Receipt(), samples, samples);
    }

    Batches sketch(String name, long timestampS, long samples) {
        Context context = new Context(MetricType.DISTRIBUTION, Text.of(name), List.of());
        sketches.add(new SketchPoint(context, timestampS, samples, new Receipt(), new TestSketch(samples)));
        newSamples += samples;
        return this;
    }

    Batches event(String title) {
        events.add(new Event(title, "text", 0, "normal", "", List.of(), "info", "", ""));
        newSamples++;
        return this;
    }

    Batches check(String name) {
        checks.add(new ServiceCheck(name, 0, 0, "", "", List.of()));
        newSamples++;
        return this;
    }

    MetricBatch build() {
        return new MetricBatch(series, sketches, events, checks, newSamples);
    }
}
