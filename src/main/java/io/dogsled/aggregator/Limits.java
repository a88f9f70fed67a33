package io.dogsled.aggregator;

/**
 * How much aggregators hold, all pipelines together. Nothing here makes a value go away: past a bound, values are kept in
 * a coarser way, which is counted (docs/decisions/008-cardinality.md).
 *
 * @param contexts past it, new contexts fold into one a metric name
 * @param spellings lines remembered by their raw bytes; past it they are all forgotten and learned again
 * @param cellBytes of the buckets of all contexts, by estimate; past it, sets, histograms and sketches stop growing, and
 *     values of further buckets are added to a bucket that is there
 * @param setMembers in one set and bucket; past it, their number is estimated
 * @param histogramValues in one histogram and bucket; past it, neighbours are joined and percentiles approximate
 */
record Limits(int contexts, int spellings, long cellBytes, int setMembers, int histogramValues) {
    /** For tests: roomy, whatever the machine. */
    static final Limits DEFAULT = ofContexts(20_000);

    private static final long LEAST_BYTES = 1 << 20;
    private static final int TEXT_BYTES_A_CONTEXT = 640;
    private static final int SPELLED_BYTES_A_CONTEXT = 384;
    private static final int CELL_BYTES_A_CONTEXT = 512;

    /** What goes with a number of contexts; one with four tags and two buckets takes about three quarters of it. */
    static Limits ofContexts(int contexts) {
        long cellBytes = Math.max(4 * LEAST_BYTES, (long) contexts * CELL_BYTES_A_CONTEXT);
        return new Limits(contexts, 2 * contexts, cellBytes, 20_000, 65_536);
    }

    /** Overflow series, one a metric name; past it there is one a type. */
    int names() {
        return Math.max(4, contexts / 8);
    }

    /** Of all lines that are remembered. */
    long spelledBytes() {
        return Math.max(LEAST_BYTES, (long) contexts * SPELLED_BYTES_A_CONTEXT);
    }

    /** Names and tags of all contexts, by estimate; past it, new contexts fold as past their number. */
    long textBytes() {
        return Math.max(LEAST_BYTES, (long) contexts * TEXT_BYTES_A_CONTEXT);
    }
}
