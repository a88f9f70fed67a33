package io.dogsled.metrics;

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
}
