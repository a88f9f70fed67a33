package io.dogsled.aggregator;

import io.dogsled.base.Log;

/**
 * One line for a person when a limit is reached, for each reason at most once a minute: what is full, what happens to the
 * values now, what to look at, what to set. For all pipelines together; any thread, never under an aggregator's lock.
 */
final class LimitLog {
    /** New contexts fold into one a metric name. */
    static final int CONTEXTS = 0;

    /** Even the metric names are too many. */
    static final int NAMES = 1;

    /** No room for more buckets, or larger ones. */
    static final int CELLS = 2;

    private static final long PAUSE_MS = 60_000;
    private static final long NEVER = Long.MIN_VALUE / 2;

    private final Log log;
    private final Limits limits;
    private final long[] saidMs = {NEVER, NEVER, NEVER};

    LimitLog(Log log, Limits limits) {
        this.log = log;
        this.limits = limits;
    }

    /** Whether the last line of that reason is a minute ago; from now on it is said. {@code nowMs}: wall clock. */
    synchronized boolean isDue(int reason, long nowMs) {
        boolean due = Math.abs(nowMs - saidMs[reason]) >= PAUSE_MS;
        if (due) {
            saidMs[reason] = nowMs;
        }
        return due;
    }

    /** {@code topKeys}: the tag keys with the most values, as text. */
    void contextsAreFull(String topKeys) {
        log.warn("more than " + limits.contexts() + " contexts, or " + limits.textBytes() / 1024
                + " KiB of names and tags (DD_DOGSLED_CONTEXT_LIMIT): new ones are counted under their metric name, tagged "
                + Contexts.OVERFLOW_TAG + "; tag keys with the most values: "
                + (topKeys.isEmpty() ? "none, it is the metric names" : topKeys));
    }

    void namesAreFull() {
        log.warn("more than " + limits.names() + " metric names beyond the limit of " + limits.contexts()
                + " contexts (DD_DOGSLED_CONTEXT_LIMIT): values of further ones are counted under " + Contexts.LAST_NAME
                + "; is there an id in a metric name?");
    }

    void cellsAreFull() {
        log.warn("buckets take " + limits.cellBytes() / 1024
                + " KiB (sized by DD_DOGSLED_CONTEXT_LIMIT): until a flush, sets,"
                + " histograms and distributions that grow become approximate, and values of a further bucket are"
                + " counted in the one before; flush more often, or send fewer contexts");
    }
}
