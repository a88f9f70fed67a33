package io.dogsled.metrics;

/**
 * One context's value in one bucket: what a queue holds, a payload carries whole, and an acknowledgement settles.
 * Immutable but for the receipt, which is the forwarder's.
 */
public abstract sealed class Point permits SeriesPoint, SketchPoint {
    private final Context context;
    private final long timestampS;
    private final long samples;
    private final Receipt receipt;

    Point(Context context, long timestampS, long samples, Receipt receipt) {
        this.context = context;
        this.timestampS = timestampS;
        this.samples = samples;
        this.receipt = receipt;
    }

    public final Context context() {
        return context;
    }

    /** Seconds since the epoch: the start of the bucket, or the timestamp the client gave. */
    public final long timestampS() {
        return timestampS;
    }

    /** The samples this value contains, cumulative over its cell. */
    public final long samples() {
        return samples;
    }

    public final Receipt receipt() {
        return receipt;
    }
}
