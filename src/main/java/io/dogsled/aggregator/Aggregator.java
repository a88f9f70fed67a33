package io.dogsled.aggregator;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.Text;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Adds samples up in 10 s buckets, and hands over at a flush what changed.
 *
 * <p><b>What a flush sends.</b> Every changed value, open buckets too. Scalars are cumulative over their bucket, so what the
 * intake keeps, the last value sent for a second, is always the whole; sketches add up there, so each goes out once. What
 * did not change is not sent again, and nothing is filled with zeros.
 *
 * <p><b>Where a sample belongs.</b> Without a timestamp: to the bucket of its arrival. With one ({@code T}): a count or a
 * gauge to exactly that second, other types to the bucket of it (rulings.md 3). A second that is the start of a bucket is
 * that bucket: the intake would keep only one of two points of the same second, so they are one cell and both are in it
 * (docs/decisions/006-cells.md).
 *
 * <p><b>How long a cell lives.</b> Until it is over and unchanged for {@link #IDLE_S}. So late samples still add to what
 * was sent, and a step of the clock, or a datagram that waited for the lock while its bucket ended, does no harm. The
 * seconds of a context that uses timestamps live for up to {@link #INTAKE_RANGE_S}, as there is room ({@link Room#keepS}).
 * Contexts live until they have no cells and had no sample for {@link #IDLE_S}.
 *
 * <p><b>The lock.</b> One; the receiver holds it from {@link #beginDatagram} to {@link #endDatagram}. A flush never holds
 * it for long either: it takes the list of changed cells in one step, and then their values, a slice of cells at a time.
 * Each value is whole, and samples that come in between simply go along. Sorting, finishing and building happen outside.
 * The lock is fair, so that a waiting receiver gets its turn after a slice.
 *
 * <p><b>The ledger.</b> Every accepted sample is received; then it is held here, or left with a batch
 * ({@link MetricBatch#newSamples()}), or is counted as lost under a name.
 */
public final class Aggregator implements Pipelines {
    /** The width of a bucket. */
    static final long BUCKET_S = 10;

    /** Cells and contexts that nothing came to for as long are forgotten. */
    static final long IDLE_S = 20;

    /** The intake takes what is at most this far from now. */
    static final long INTAKE_RANGE_S = 3_600;

    private static final long MS_PER_S = 1_000;

    /** Cells a flush looks at in one go: some ten microseconds. */
    private static final int SLICE = 256;

    /** What costs about as much as looking at a cell, when it has to be copied. */
    private static final int BYTES_A_STEP = 512;

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Counters counters;
    private final CellMaker cellMaker;
    private final Room room;
    private final LimitLog limitLog;
    private final Contexts contexts;
    private final Tally tally = new Tally();
    private Changes changes = new Changes();
    private Pending pending = new Pending();
    private int cells;
    private long held;
    private long nowS;
    private long bucketS;
    private long sweptS;

    /** The bucket that an engine before this one may have sent points of, and where our part of it begins instead. */
    private long inheritedBucketS = Long.MIN_VALUE;

    private long ownPartS;

    /** With the bounds of the settings, and no lines about them. */
    public Aggregator(Config.Aggregation settings, Enricher enricher, Counters counters) {
        this(settings, enricher, Shared.of(settings, counters, new Log(Log.Level.OFF)), Text.EMPTY);
    }

    /** @param mark {@link Contexts}; {@link Text#EMPTY} if this is the only one */
    Aggregator(Config.Aggregation settings, Enricher enricher, Shared shared, Text mark) {
        this.counters = shared.counters();
        this.room = shared.room();
        this.limitLog = shared.log();
        this.cellMaker = new CellMaker(settings, shared.limits(), room);
        this.contexts = new Contexts(enricher, cellMaker, shared, mark);
    }

    @Override
    public void beginAt(long nowMs) {
        long startedS = Math.floorDiv(nowMs, MS_PER_S);
        lock.lock();
        try {
            inheritedBucketS = startedS - Math.floorMod(startedS, BUCKET_S);
            ownPartS = Math.max(startedS, inheritedBucketS + 1);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void beginDatagram(long nowMs) {
        lock.lock();
        arrive(nowMs);
    }

    /** As {@link #beginDatagram}, if nobody has the lock now. */
    boolean tryBeginDatagram(long nowMs) {
        boolean begun = lock.tryLock();
        if (begun) {
            arrive(nowMs);
        }
        return begun;
    }

    @Override
    public void accept(Sample sample) {
        int samples = sample.sampleCount();
        tally.received += samples;
        Slot slot = contexts.slot(sample);
        if (slot == Slot.BLOCKED) {
            tally.blocked += samples;
            return;
        }
        slot.seenS = nowS;
        long startS = sample.timestampS == 0 ? bucketS : timestamped(slot, sample);
        Cell cell = slot.cell(startS);
        if (cell.isNone()) {
            cell = newCell(slot, startS, samples);
        }
        int added = cell.addAll(sample);
        held += added;
        if (added > 0 && cell.noteChange(added, nowS)) {
            changes.add(cell);
        }
        if (added < samples) {
            tally.notFinite += samples - added;
        }
    }

    @Override
    public void accept(Event event) {
        tally.received++;
        noteOther(pending.add(event, nowS));
    }

    @Override
    public void accept(ServiceCheck check) {
        tally.received++;
        noteOther(pending.add(check, nowS));
    }

    @Override
    public void endDatagram() {
        tally.publish(counters);
        lock.unlock();
    }

    @Override
    public MetricBatch flush(long nowMs) {
        Batch batch = new Batch();
        Changes taken = swap(batch);
        int from = 0;
        while (from < taken.size()) {
            from = takeSlice(taken, from, batch);
            batch.finishTaken();
        }
        counters.add(Counter.APPROXIMATED, batch.approximated());
        counters.add(Counter.FOLDED, batch.folded());
        MetricBatch built = batch.build();
        sweep(Math.floorDiv(nowMs, MS_PER_S));
        tellOfLimits(nowMs);
        return built;
    }

    @Override
    public long heldSamples() {
        lock.lock();
        try {
            return held;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int contexts() {
        lock.lock();
        try {
            return contexts.size();
        } finally {
            lock.unlock();
        }
    }

    /** For tests: how many buckets of all contexts exist. */
    int cells() {
        return cells;
    }

    /** For tests: what the buckets of all contexts take. */
    long cellBytes() {
        return room.cellBytes();
    }

    /** For tests: how many lines are known by their bytes. */
    int spellings() {
        return contexts.spellings();
    }

    private void arrive(long nowMs) {
        nowS = Math.floorDiv(nowMs, MS_PER_S);
        bucketS = bucketOf(nowS);
    }

    private long timestamped(Slot slot, Sample sample) {
        slot.timestamped =
                slot.context.type() != MetricType.DISTRIBUTION; // sketches of one second add up at the intake
        long atS = sample.timestampS;
        if (atS > nowS + INTAKE_RANGE_S || atS < nowS - INTAKE_RANGE_S) {
            tally.outOfRange += sample.sampleCount();
        }
        boolean exact = sample.type == MetricType.COUNT || sample.type == MetricType.GAUGE;
        return exact ? atS : bucketOf(atS);
    }

    private long bucketOf(long atS) {
        long startS = atS - Math.floorMod(atS, BUCKET_S);
        return startS == inheritedBucketS ? ownPartS : startS;
    }

    /** A cell of a second that has none; where there is no room for it, the nearest one that is there. */
    private Cell newCell(Slot slot, long startS, int samples) {
        if (!room.take(Cell.BYTES)) {
            Cell nearest = slot.nearest(startS);
            if (!nearest.isNone()) {
                tally.moved += samples;
                return nearest;
            }
            room.force(Cell.BYTES);
        }
        Cell cell = cellMaker.cell(slot, startS);
        slot.put(cell);
        cells++;
        return cell;
    }

    private void noteOther(boolean added) {
        if (added) {
            held++;
        } else {
            tally.noRoom++;
        }
    }

    /** The first step of a flush: what there is to take, and the events and checks. */
    Changes swap(Batch batch) {
        lock.lock();
        try {
            Changes taken = changes;
            changes = new Changes();
            held -= pending.size();
            batch.eventsAndChecks(pending);
            pending = new Pending();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes some cells, until they are {@value #SLICE} or have cost as much, and returns where the next slice begins. */
    int takeSlice(Changes taken, int from, Batch batch) {
        lock.lock();
        try {
            int to = from;
            long left = 0;
            int cost = 0;
            while (to < taken.size() && cost < SLICE) {
                left += taken.get(to++).take(batch);
                cost += 1 + batch.takeWork() / BYTES_A_STEP;
            }
            held -= left;
            batch.addNewSamples(left);
            return to;
        } finally {
            lock.unlock();
        }
    }

    /** Looks for what is over and idle, at most every bucket, a slice at a time. */
    private void sweep(long atS) {
        if (Math.abs(atS - sweptS) < BUCKET_S) {
            return;
        }
        sweptS = atS;
        for (int to = contexts.sweepSteps(); to > 0; to -= SLICE) {
            lock.lock();
            try {
                cells -= contexts.sweep(Math.max(0, to - SLICE), to, atS);
            } finally {
                lock.unlock();
            }
        }
    }

    /** Once a flush, outside the lock but for what has to be read. */
    private void tellOfLimits(long nowMs) {
        boolean contextsFull;
        boolean namesFull;
        lock.lock();
        try {
            contextsFull = contexts.overflowed();
            namesFull = contexts.takeNamesOverflowed();
        } finally {
            lock.unlock();
        }
        if (contextsFull && limitLog.isDue(LimitLog.CONTEXTS, nowMs)) {
            limitLog.contextsAreFull(takeTagKeys().top());
        }
        if (namesFull && limitLog.isDue(LimitLog.NAMES, nowMs)) {
            limitLog.namesAreFull();
        }
        if (room.takeRefused() && limitLog.isDue(LimitLog.CELLS, nowMs)) {
            limitLog.cellsAreFull();
        }
    }

    private TagKeys takeTagKeys() {
        lock.lock();
        try {
            return contexts.takeTagKeys();
        } finally {
            lock.unlock();
        }
    }
}
