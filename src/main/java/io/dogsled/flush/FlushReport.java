package io.dogsled.flush;

import io.dogsled.forwarder.Forwarder;

/**
 * What a flush came to, for one debug line.
 *
 * @param drained whether everything that was in the socket at its begin is in it
 * @param newSamples samples that left the aggregator with it
 * @param progress how far the delivery came in the time it had
 * @param tookMs from begin to return
 * @param wordMs beside it: from the end of the function to the platform's word about it, {@link #NO_WORD} if it waited for none
 */
public record FlushReport(boolean drained, long newSamples, Forwarder.Progress progress, long tookMs, long wordMs) {
    /** No word was waited for, or it does not say when the function ended. */
    public static final long NO_WORD = -1;

    /** The line. */
    public String line() {
        return "flush: " + newSamples + " new samples, " + word(progress) + " after " + tookMs + " ms"
                + (drained ? "" : ", the socket may hold more")
                + (wordMs == NO_WORD ? "" : "; the platform's word of the end had taken " + wordMs + " ms");
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
