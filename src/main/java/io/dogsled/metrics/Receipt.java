package io.dogsled.metrics;

/**
 * How many samples of one cell are settled: acknowledged by the main endpoint or declared lost. A bucket that is flushed
 * while still open is sent again as a whole, so each of its points carries the number of samples it contains in all, and
 * the receipt turns an acknowledgement of such a point into the number of samples that are settled for the first time.
 *
 * <p>Created by the aggregator, one per cell; every call is made under the forwarder's lock.
 */
public final class Receipt {
    private long settled;

    /**
     * Settles everything a point contains.
     *
     * @param samples the samples the point contains, cumulative over the cell
     * @return how many of them were not settled before: 0 if a newer point was settled first
     */
    public long settle(long samples) {
        long fresh = Math.max(0, samples - settled);
        settled += fresh;
        return fresh;
    }

    /** How many of {@code samples} are not settled yet; changes nothing. */
    public long unsettled(long samples) {
        return Math.max(0, samples - settled);
    }
}
