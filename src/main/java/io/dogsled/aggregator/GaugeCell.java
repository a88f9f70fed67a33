package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.SeriesPoint.Kind;

/** The last value of one gauge, in the order of arrival; the rate has no meaning (protocol.md §1.5, §2.2). */
final class GaugeCell extends ValueCell {
    private double last;

    GaugeCell(Context context, long startS) {
        super(context, startS);
    }

    @Override
    boolean add(double value, double sampleRate) {
        if (!Double.isFinite(value)) {
            return false;
        }
        last = value;
        return true;
    }

    @Override
    void flushTo(Batch batch) {
        batch.series(this, Kind.GAUGE, last);
    }
}
