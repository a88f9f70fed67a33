package io.dogsled.metrics;

import java.util.List;

/**
 * A scalar value of a bucket: one series for a count, gauge or set, several for a histogram. The whole of the bucket so
 * far: a newer point of the same slot replaces it, at the intake as in the queue.
 */
public final class SeriesPoint extends Point {
    /** What the intake makes of a value; the numbers are those of the payload (protocol.md §4.1). */
    public enum Kind {
        COUNT(1),
        RATE(2),
        GAUGE(3);

        private final int wire;

        Kind(int wire) {
            this.wire = wire;
        }

        public int wire() {
            return wire;
        }
    }

    /**
     * One series of the point.
     *
     * @param metric the context's name with the suffix of a histogram's aggregate
     * @param intervalS 10 for buckets
     */
    public record Value(Text metric, Kind kind, long intervalS, double value) {}

    private final List<Value> values;

    /** {@code values}: at least one, handed over and not changed any more. */
    public SeriesPoint(Context context, long timestampS, long samples, Receipt receipt, List<Value> values) {
        super(context, timestampS, samples, receipt);
        this.values = values;
    }

    public List<Value> values() {
        return values;
    }

    /** The same for an additional endpoint, with the receipt of its own. The lambda thread alone. */
    SeriesPoint forEndpoint(int endpoint) {
        return new SeriesPoint(context(), timestampS(), samples(), receipt().sibling(endpoint), values);
    }
}
