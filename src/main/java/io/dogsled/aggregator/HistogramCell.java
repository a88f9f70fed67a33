package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.sketch.Sketch;

/**
 * One histogram or timing (Agent: pkg/metrics/histogram.go): its weighted values, for median and percentiles; and, if so
 * configured, a copy of them as a distribution, which is no second sample: its sketch carries none in the ledger, unless
 * the name filter leaves nothing but the copy.
 */
final class HistogramCell extends ValueCell {
    private static final Sketch NONE = new Sketch();

    private final HistogramOutput output;
    private final WeightedValues values;
    private Sketch copy = NONE;

    HistogramCell(Context context, long startS, HistogramOutput output, int limit) {
        super(context, startS);
        this.output = output;
        this.values = new WeightedValues(limit);
    }

    @Override
    boolean add(double value, double sampleRate) {
        if (!values.fits(value, 1 / sampleRate) || !addCopy(value, sampleRate)) {
            return false;
        }
        values.add(value, 1 / sampleRate);
        return true;
    }

    @Override
    void flushTo(Batch batch) {
        if (output.hasSeries()) {
            batch.histogram(this, output, values.copy());
        }
        if (copy != NONE) {
            batch.sketch(output.copyContext(), startS, output.hasSeries() ? 0 : freshSamples(), copy);
            copy = NONE;
        }
    }

    private boolean addCopy(double value, double sampleRate) {
        if (!output.hasCopy()) {
            return true;
        }
        if (copy == NONE) {
            copy = new Sketch();
        }
        return copy.insert(value, sampleRate);
    }
}
