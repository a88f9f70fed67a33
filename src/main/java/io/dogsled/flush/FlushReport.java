package io.dogsled.flush;

import io.dogsled.forwarder.Forwarder;

/**
 * What a flush came to, for one debug line.
 *
 * @param drained whether everything that was in the socket at its begin is in it
 * @param newSamples samples that left the aggregator with it
 * @param progress how far the delivery came in the time it had
 * @param tookMs from begin to return
 */
public record FlushReport(boolean drained, long newSamples, Forwarder.Progress progress, long tookMs) {

    /** The line. */
    public String line() {
        return "flush: " + newSamples + " new samples, " + word(progress) + " after " + tookMs + " ms"
                + (drained ? "" : ", the socket may hold more");
    }

    private static String word(Forwarder.Progress progress) {
        return switch (progress) {
            case IDLE -> "nothing to send";
            case SETTLED -> "settled";
            case KEPT -> "not all delivered, the rest is kept";
            case PARKED -> "the answer will be read later";
            case WITHHELD -> "not sent for now";
        };
    }
}
