package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SeriesPoint.Kind;
import io.dogsled.metrics.SeriesPoint.Value;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.sketch.Sketch;
import java.util.ArrayList;
import java.util.List;

/**
 * What a flush collects. Cells fill it under the lock with what is cheap to take; {@link #build} does the rest without it:
 * sorting histograms, finishing sketches. One flush, one thread.
 */
final class Batch {
    private final List<SeriesPoint> series = new ArrayList<>();
    private final List<SketchPoint> sketches = new ArrayList<>();
    private final List<Sketch> unfinished = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();
    private List<Event> events = List.of();
    private List<ServiceCheck> checks = List.of();
    private long newSamples;
    private long approximated;
    private long folded;
    private int work;

    /** A scalar under the context's own name. */
    void series(Cell cell, Kind kind, double value) {
        Value only = new Value(cell.context.name(), kind, Aggregator.BUCKET_S, value);
        series.add(new SeriesPoint(cell.context, cell.startS, cell.samples(), cell.receipt, List.of(only)));
    }

    /** Samples of a value that is not exact any more. */
    void noteApproximated(long samples) {
        approximated += samples;
    }

    /** Samples of a series that stands for others. */
    void noteFolded(long samples) {
        folded += samples;
    }

    long folded() {
        return folded;
    }

    /** Bytes that had to be looked at or copied under the lock. */
    void noteWork(int bytes) {
        work += bytes;
    }

    /** The work noted since the last call. */
    int takeWork() {
        int noted = work;
        work = 0;
        return noted;
    }

    /** A histogram; {@code values} belong to the batch from here on. */
    void histogram(Cell cell, HistogramOutput output, WeightedValues values) {
        histograms.add(new Histogram(cell, cell.samples(), output, values));
        work += values.bytes();
        if (values.isApproximate()) {
            approximated += cell.freshSamples();
        }
    }

    /** A sketch, which belongs to the batch from here on. */
    void sketch(Context context, long startS, long samples, Sketch sketch) {
        unfinished.add(sketch);
        sketches.add(new SketchPoint(context, startS, samples, new Receipt(), new SketchBins(sketch)));
    }

    void eventsAndChecks(Pending pending) {
        events = pending.events();
        checks = pending.checks();
        newSamples += pending.size();
    }

    void addNewSamples(long samples) {
        newSamples += samples;
    }

    /** Samples of sets, histograms and distributions too large to be kept exactly. */
    long approximated() {
        return approximated;
    }

    /** Works out what was taken as it is, so that no more than a slice of it waits. Without the lock. */
    void finishTaken() {
        for (Sketch sketch : unfinished) {
            sketch.finish();
        }
        unfinished.clear();
        for (Histogram histogram : histograms) {
            series.add(histogram.point());
        }
        histograms.clear();
    }

    /** After {@link #finishTaken}. */
    MetricBatch build() {
        return series.isEmpty() && sketches.isEmpty() && events.isEmpty() && checks.isEmpty()
                ? MetricBatch.EMPTY
                : new MetricBatch(series, sketches, events, checks, newSamples);
    }

    private record Histogram(Cell cell, long samples, HistogramOutput output, WeightedValues values) {
        SeriesPoint point() {
            return new SeriesPoint(cell.context, cell.startS, samples, cell.receipt, output.values(values));
        }
    }
}
