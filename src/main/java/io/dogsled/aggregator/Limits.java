package io.dogsled.aggregator;

/**
 * How much an aggregator holds; a sandbox may have 128 MB in all.
 *
 * @param contexts past it, new contexts fold into one a metric name
 * @param spellings lines remembered by their raw bytes; past it they are all forgotten and learned again
 * @param cells buckets of all contexts; past it, a sample that needs one more is lost
 * @param setMembers in one set and bucket; past it, new members are lost
 * @param histogramValues in one histogram and bucket; past it, neighbours are joined and percentiles approximate
 */
record Limits(int contexts, int spellings, int cells, int setMembers, int histogramValues) {
    /** A context with four tags takes about a kilobyte, its cells and its spelling included. */
    static final Limits DEFAULT = ofContexts(20_000);

    static Limits ofContexts(int contexts) {
        return new Limits(contexts, 2 * contexts, 4 * contexts, 50_000, 65_536);
    }
}
