package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.Sample;

/**
 * The value of one context at one second: the start of a 10 s bucket, or the second a client gave with {@code T}. Owned by
 * its aggregator; every call runs under the aggregator's lock.
 *
 * <p>Scalar cells keep their total over a flush and send the whole of it again after a change, because the intake keeps
 * the last value sent for a timestamp. Cells of sketches hand over what they have and start anew, because there sketches
 * add up.
 */
abstract class Cell {
    /** Heap a cell takes by estimate: itself, its receipt, its places in lists. */
    static final int BYTES = 128;

    final Context context;
    final long startS;

    /** One for all points of this cell: docs/decisions/003-receipts.md. */
    final Receipt receipt = new Receipt();

    /** Samples this cell contains, and how many of them a flush has taken. */
    private long samples;

    private long handedOver;
    private long changedS;
    private boolean changed;

    /** @param startS seconds since the epoch */
    Cell(Context context, long startS) {
        this.context = context;
        this.startS = startS;
    }

    /** Whether this is {@link Slot#NO_CELL}. */
    final boolean isNone() {
        return startS == Long.MIN_VALUE;
    }

    /**
     * Adds the values of a line.
     *
     * @return how many of its samples the cell contains now; the others are refused and change nothing
     */
    abstract int addAll(Sample sample);

    /** Writes the point of this cell, or what it needs to be built from. Called after a change only. */
    abstract void flushTo(Batch batch);

    /** Heap it has taken of the {@link Room} beyond {@link #BYTES}. */
    int extraBytes() {
        return 0;
    }

    /** Notes that samples were added; true if the cell had no change to flush before. */
    final boolean noteChange(int added, long nowS) {
        samples += added;
        changedS = nowS;
        boolean first = !changed;
        changed = true;
        return first;
    }

    /** Flushes the cell and returns how many samples leave it for the first time. */
    final long take(Batch batch) {
        flushTo(batch);
        long fresh = freshSamples();
        if (Contexts.isOverflow(context)) {
            batch.noteFolded(fresh);
        }
        handedOver = samples;
        changed = false;
        return fresh;
    }

    /** The samples it contains in all. */
    final long samples() {
        return samples;
    }

    /** The samples no flush has taken yet. */
    final long freshSamples() {
        return samples - handedOver;
    }

    /**
     * Whether nothing more is expected: flushed, unchanged for {@link Aggregator#IDLE_S}, and over for {@code lateS}, or so
     * far ahead that the intake would not take it.
     */
    final boolean isDone(long nowS, long lateS) {
        boolean over = startS + Aggregator.BUCKET_S + lateS <= nowS || startS > nowS + Aggregator.INTAKE_RANGE_S;
        return !changed && over && Math.abs(nowS - changedS) >= Aggregator.IDLE_S;
    }
}
