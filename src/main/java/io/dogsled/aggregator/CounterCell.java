package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.SeriesPoint.Kind;

/**
 * The sum of one counter (Agent: pkg/metrics/counter.go). Sent as COUNT, the sum itself, or as RATE, the sum a second
 * (rulings.md 4).
 */
final class CounterCell extends ValueCell {
    private final Kind kind;
    private double total;

    /** @param kind {@link Kind#COUNT} or {@link Kind#RATE} */
    CounterCell(Context context, long startS, Kind kind) {
        super(context, startS);
        this.kind = kind;
    }

    @Override
    boolean add(double value, double sampleRate) {
        double sum = total + (sampleRate == 1 ? value : value * (1 / sampleRate));
        if (!Double.isFinite(sum)) {
            return false;
        }
        total = sum;
        return true;
    }

    @Override
    void flushTo(Batch batch) {
        batch.series(this, kind, kind == Kind.RATE ? total / Aggregator.BUCKET_S : total);
    }
}
