package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Text;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is taken of the {@link Limits}, in contexts and in bytes: one for all pipelines of a process, so that an uneven
 * distribution over them does not make any of them small. Asked when something is made or grows, never for a value that
 * only changes what is there. Any thread.
 *
 * <p>Bytes are estimates: what the objects take in a heap below 32 GB. To {@code take} may be refused, and then the caller
 * has something coarser to do; to {@code force} is for the little that even the coarser thing needs.
 */
final class Room {
    /** A text and its bytes, without the bytes' number, and a place in a list. */
    private static final int TEXT = 56;

    private final Limits limits;
    private final AtomicInteger contexts = new AtomicInteger();
    private final AtomicLong textBytes = new AtomicLong();
    private final AtomicLong cellBytes = new AtomicLong();
    private volatile boolean refused;

    Room(Limits limits) {
        this.limits = limits;
    }

    /** Whether there is room for one more context. */
    boolean takeContext(Context context) {
        return take(context, limits.contexts(), limits.textBytes());
    }

    /** Whether there is room for one more overflow series of a metric name. */
    boolean takeName(Context context) {
        long spareBytes = limits.textBytes() / 8;
        return take(context, limits.contexts() + limits.names(), limits.textBytes() + spareBytes);
    }

    void forceContext(Context context) {
        contexts.incrementAndGet();
        textBytes.addAndGet(cost(context));
    }

    void giveContext(Context context) {
        contexts.decrementAndGet();
        textBytes.addAndGet(-cost(context));
    }

    /** Takes so many bytes for a cell, or nothing. */
    boolean take(int bytes) {
        boolean fits = hasRoomFor(bytes);
        if (fits) {
            force(bytes);
        }
        return fits;
    }

    /** Whether a cell may take so many bytes more; with several pipelines, two may be told so of the same ones. */
    boolean hasRoomFor(int bytes) {
        boolean fits = cellBytes.get() + bytes <= limits.cellBytes();
        if (!fits) {
            refused = true;
        }
        return fits;
    }

    /** Whether a cell was refused something since the last call. */
    boolean takeRefused() {
        boolean taken = refused;
        refused = false;
        return taken;
    }

    /**
     * How many seconds back a client may name a second once more and add to what was sent for it, from
     * {@link Aggregator#INTAKE_RANGE_S} when there is nothing here, down to {@link Aggregator#IDLE_S} when half of it is
     * taken: what is only remembered must not make coarser what comes new.
     */
    long keepS() {
        double taken = Math.max(
                share(cellBytes.get(), limits.cellBytes()),
                Math.max(share(contexts.get(), limits.contexts()), share(textBytes.get(), limits.textBytes())));
        double spare = Math.max(0, 1 - 2 * taken);
        return Aggregator.IDLE_S + (long) (spare * (Aggregator.INTAKE_RANGE_S - Aggregator.IDLE_S));
    }

    private static double share(long taken, long limit) {
        return (double) taken / limit;
    }

    void force(int bytes) {
        cellBytes.addAndGet(bytes);
    }

    void give(int bytes) {
        cellBytes.addAndGet(-bytes);
    }

    /** For tests: what the cells have taken. */
    long cellBytes() {
        return cellBytes.get();
    }

    private boolean take(Context context, int contextLimit, long byteLimit) {
        forceContext(context);
        if (contexts.get() <= contextLimit && textBytes.get() <= byteLimit) {
            return true;
        }
        giveContext(context);
        return false;
    }

    private static int cost(Context context) {
        int cost = TEXT + context.name().length();
        for (Text tag : context.tags()) {
            cost += TEXT + tag.length();
        }
        return cost;
    }
}
