package io.dogsled.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * What one swap took out of the aggregator: immutable, in no promised order.
 *
 * @param newSamples how many samples, events and checks leave the aggregator with this batch and were in no batch before:
 *     the forwarder takes exactly these over into what it holds
 */
public record MetricBatch(
        List<SeriesPoint> series,
        List<SketchPoint> sketches,
        List<Event> events,
        List<ServiceCheck> checks,
        long newSamples) {
    public static final MetricBatch EMPTY = new MetricBatch(List.of(), List.of(), List.of(), List.of(), 0);

    public boolean isEmpty() {
        return series.isEmpty() && sketches.isEmpty() && events.isEmpty() && checks.isEmpty();
    }

    /**
     * The same values with the receipts of an additional endpoint. Every batch in turn, by the lambda thread alone.
     *
     * @param endpoint 1 and up
     */
    public MetricBatch forEndpoint(int endpoint) {
        if (series.isEmpty() && sketches.isEmpty()) {
            return this;
        }
        List<SeriesPoint> ownSeries = new ArrayList<>(series.size());
        for (SeriesPoint point : series) {
            ownSeries.add(point.forEndpoint(endpoint));
        }
        List<SketchPoint> ownSketches = new ArrayList<>(sketches.size());
        for (SketchPoint point : sketches) {
            ownSketches.add(point.forAnotherEndpoint());
        }
        return new MetricBatch(ownSeries, ownSketches, events, checks, newSamples);
    }
}
