package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Sample;

/** A cell of numbers: each packed value of a line is a sample of its own. */
abstract class ValueCell extends Cell {
    ValueCell(Context context, long startS) {
        super(context, startS);
    }

    /**
     * Adds a value that stands for {@code 1 / sampleRate} values at the client.
     *
     * @param sampleRate in (0, 1]; the parser has replaced anything else by 1
     * @return false if a result would not be finite or countable: the cell is unchanged, and the caller counts the loss
     */
    abstract boolean add(double value, double sampleRate);

    @Override
    final int addAll(Sample sample) {
        int added = 0;
        for (int i = 0; i < sample.valueCount(); i++) {
            if (add(sample.value(i), sample.rate)) {
                added++;
            }
        }
        return added;
    }
}
