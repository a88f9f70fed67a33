package io.dogsled.metrics;

import org.jspecify.annotations.Nullable;

/**
 * How many samples of one cell are settled at one endpoint: acknowledged by it or declared lost. A bucket that is flushed
 * while still open is sent again as a whole, so each of its points carries the number of samples it contains in all, and
 * the receipt turns an acknowledgement of such a point into the number of samples that are settled for the first time.
 *
 * <p>Created by the aggregator, one per cell; {@link #settle} and {@link #unsettled} are called under the
 * lock of the endpoint's queue. An additional endpoint has a receipt of its own, a sibling of the cell's, made when its first point is
 * handed over to it; without additional endpoints there is none.
 */
public final class Receipt {
    private long settled;
    private @Nullable Receipt sibling;

    /**
     * The receipt of the same cell for another endpoint, always the same one. The lambda thread alone, which hands all batches over.
     *
     * @param endpoint 0 = the main one, whose receipt this is; 1 and up the additional ones
     */
    Receipt sibling(int endpoint) {
        Receipt found = this;
        for (int i = 0; i < endpoint; i++) {
            Receipt next = found.sibling;
            if (next == null) {
                next = new Receipt();
                found.sibling = next;
            }
            found = next;
        }
        return found;
    }

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
