package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint.Kind;

/** The different members of one set; sent as a GAUGE of their number (protocol.md §2.2). */
final class SetCell extends Cell {
    private final Members members = new Members();
    private final int limit;

    /** @param limit members it holds; one more that is new is refused */
    SetCell(Context context, long startS, int limit) {
        super(context, startS);
        this.limit = limit;
    }

    @Override
    int addAll(Sample sample) {
        return members.add(sample.buffer, sample.memberStart, sample.memberEnd, limit) ? 1 : 0;
    }

    @Override
    void flushTo(Batch batch) {
        batch.series(this, Kind.GAUGE, members.size());
    }
}
