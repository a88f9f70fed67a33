package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint.Kind;

/**
 * The different members of one set; sent as a GAUGE of their number (protocol.md §2.2). Exact up to a number of members, or
 * until there is no room for one more; from then on an estimate that begins with all members seen so far.
 */
final class SetCell extends Cell {
    private static final Members NONE = new Members();
    private static final HyperLogLog EXACT = new HyperLogLog(0);

    private final Room room;
    private final int limit;
    private Members members = new Members();
    private HyperLogLog estimate = EXACT;

    /** The number sent last: an estimate may waver, the number of members only grows. */
    private long sent;

    /** @param limit members that are counted exactly */
    SetCell(Context context, long startS, int limit, Room room) {
        super(context, startS);
        this.limit = limit;
        this.room = room;
        room.force(members.bytes());
    }

    @Override
    int addAll(Sample sample) {
        if (estimate == EXACT) {
            boolean mayGrow = members.size() < limit;
            boolean added = mayGrow
                    ? members.add(sample.buffer, sample.memberStart, sample.memberEnd, room)
                    : members.contains(sample.buffer, sample.memberStart, sample.memberEnd);
            if (added) {
                return 1;
            }
            beginEstimate();
        }
        estimate.add(sample.buffer, sample.memberStart, sample.memberEnd);
        return 1;
    }

    @Override
    void flushTo(Batch batch) {
        if (estimate == EXACT) {
            sent = members.size();
        } else {
            sent = Math.max(sent, estimate.estimate());
            batch.noteApproximated(freshSamples());
            batch.noteWork(estimate.bytes());
        }
        batch.series(this, Kind.GAUGE, (double) sent);
    }

    @Override
    int extraBytes() {
        return estimate == EXACT ? members.bytes() : estimate.bytes();
    }

    private void beginEstimate() {
        sent = Math.max(sent, members.size());
        room.give(members.bytes());
        boolean hasRoom = room.take(1 << HyperLogLog.FINE);
        estimate = new HyperLogLog(hasRoom ? HyperLogLog.FINE : HyperLogLog.COARSE);
        if (!hasRoom) {
            room.force(estimate.bytes());
        }
        members.addTo(estimate);
        members = NONE;
    }
}
