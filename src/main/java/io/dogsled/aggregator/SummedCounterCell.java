package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.sketch.Sketch;

/**
 * One counter as a distribution (count mode {@code distribution}): what it counted since the last flush is one value of a
 * sketch, so that the sums of sandboxes that count at the same time add up instead of replacing each other.
 */
final class SummedCounterCell extends ValueCell {
    private double sum;

    SummedCounterCell(Context context, long startS) {
        super(context, startS);
    }

    @Override
    boolean add(double value, double sampleRate) {
        double newSum = sum + value * (1 / sampleRate);
        if (!Double.isFinite(newSum)) {
            return false;
        }
        sum = newSum;
        return true;
    }

    @Override
    void flushTo(Batch batch) {
        Sketch sketch = new Sketch();
        sketch.insert(sum, 1);
        batch.sketch(context, startS, freshSamples(), sketch);
        sum = 0;
    }
}
