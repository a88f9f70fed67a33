package io.dogsled.aggregator;

import io.dogsled.metrics.Context;

/**
 * One histogram or timing (Agent: pkg/metrics/histogram.go): its weighted values, for median and percentiles; and, if so
 * configured, a copy of them as a distribution, which is no second sample: its sketch carries none in the ledger, unless
 * the name filter leaves nothing but the copy.
 */
final class HistogramCell extends ValueCell {
    private final HistogramOutput output;
    private final WeightedValues values;
    private final SketchPart copy;

    HistogramCell(Context context, long startS, HistogramOutput output, WeightedValues values) {
        super(context, startS);
        this.output = output;
        this.values = values;
        this.copy = new SketchPart(values.room());
    }

    @Override
    boolean add(double value, double sampleRate) {
        double weight = sampleRate == 1 ? 1 : 1 / sampleRate;
        if (!values.fits(value, weight) || (output.hasCopy() && !copy.add(value, sampleRate))) {
            return false;
        }
        values.add(value, weight);
        return true;
    }

    @Override
    void flushTo(Batch batch) {
        if (output.hasSeries()) {
            batch.histogram(this, output, values.copy());
        }
        if (!copy.isEmpty()) {
            copy.flushTo(batch, output.copyContext(), startS, output.hasSeries() ? 0 : freshSamples());
        }
    }

    @Override
    int extraBytes() {
        return values.bytes() + copy.bytes();
    }
}
