package io.dogsled.dogstatsd;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;

/** One context in the debug statistics. Guarded by {@link ContextStats}; copies belong to whoever asked for them. */
final class ContextStat {
    /** Stands for: on the block list. */
    static final ContextStat BLOCKED = new ContextStat(Enricher.BLOCKED);

    /** Stands for: the statistics are full. */
    static final ContextStat NO_ROOM = new ContextStat(Enricher.BLOCKED);

    private final Context context;
    private long count;
    private long lastSeenMs;

    ContextStat(Context context) {
        this.context = context;
    }

    Context context() {
        return context;
    }

    /** Samples; each packed value is one. */
    long count() {
        return count;
    }

    /** Wall clock, since the epoch. */
    long lastSeenMs() {
        return lastSeenMs;
    }

    void seen(int samples, long nowMs) {
        count += samples;
        lastSeenMs = nowMs;
    }

    ContextStat copy() {
        ContextStat copy = new ContextStat(context);
        copy.count = count;
        copy.lastSeenMs = lastSeenMs;
        return copy;
    }
}
