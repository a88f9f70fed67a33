package io.dogsled.aggregator;

import io.dogsled.metrics.Context;

/** One distribution; sent as a sketch of what came since the last flush. */
final class DistributionCell extends ValueCell {
    private final SketchPart sketch;

    DistributionCell(Context context, long startS, Room room) {
        super(context, startS);
        sketch = new SketchPart(room);
    }

    @Override
    boolean add(double value, double sampleRate) {
        return sketch.add(value, sampleRate);
    }

    @Override
    void flushTo(Batch batch) {
        sketch.flushTo(batch, context, startS, freshSamples());
    }

    @Override
    int extraBytes() {
        return sketch.bytes();
    }
}
