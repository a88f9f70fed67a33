package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.sketch.Sketch;

/**
 * One distribution since the last flush. Its sketch is handed over whole and once: the intake adds sketches up (Agent:
 * pkg/aggregator/time_sampler.go).
 */
final class DistributionCell extends ValueCell {
    private static final Sketch NONE = new Sketch();

    private Sketch sketch = NONE;

    DistributionCell(Context context, long startS) {
        super(context, startS);
    }

    @Override
    boolean add(double value, double sampleRate) {
        if (sketch == NONE) {
            sketch = new Sketch();
        }
        return sketch.insert(value, sampleRate);
    }

    @Override
    void flushTo(Batch batch) {
        batch.sketch(context, startS, freshSamples(), sketch);
        sketch = NONE;
    }
}
