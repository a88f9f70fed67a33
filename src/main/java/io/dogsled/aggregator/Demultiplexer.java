package io.dogsled.aggregator;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import java.util.ArrayList;
import java.util.List;

/**
 * Several aggregators, so that workers wait less for each other (Agent: pkg/aggregator/demultiplexer.go, time samplers). The
 * metric name as it was sent picks the aggregator: it is part of every context, so a context is in one aggregator alone, and
 * so are a histogram and the timing that merges with it. Events and checks are with the first one.
 *
 * <p><b>Locks.</b> A datagram takes the lock of each aggregator it needs once and holds it to its end. Two datagrams that
 * need the same two in a different order would wait for each other for ever, so only the first one is waited for; where
 * another is taken, all are given back before it is waited for, and taken again if they are needed again.
 *
 * <p>What is begun and not ended belongs to its thread.
 */
final class Demultiplexer implements Pipelines {
    private final Aggregator[] aggregators;

    @SuppressWarnings("ThreadLocalUsage") // of this demultiplexer: tests have several, the engine has one
    private final Turns turns = new Turns();

    /** @param aggregators at most 64 */
    Demultiplexer(Aggregator[] aggregators) {
        this.aggregators = aggregators;
    }

    @Override
    public void beginAt(long nowMs) {
        for (Aggregator aggregator : aggregators) {
            aggregator.beginAt(nowMs);
        }
    }

    @Override
    public void beginDatagram(long nowMs) {
        turns.get().nowMs = nowMs;
    }

    @Override
    public void accept(Sample sample) {
        long hash = HyperLogLog.hash(sample.buffer, sample.nameStart, sample.nameEnd);
        entered((int) Math.unsignedMultiplyHigh(hash, aggregators.length)).accept(sample);
    }

    @Override
    public void accept(Event event) {
        entered(0).accept(event);
    }

    @Override
    public void accept(ServiceCheck check) {
        entered(0).accept(check);
    }

    @Override
    public void endDatagram() {
        leave(turns.get());
    }

    @Override
    public MetricBatch flush(long nowMs) {
        List<SeriesPoint> series = new ArrayList<>();
        List<SketchPoint> sketches = new ArrayList<>();
        List<Event> events = new ArrayList<>();
        List<ServiceCheck> checks = new ArrayList<>();
        long newSamples = 0;
        for (Aggregator aggregator : aggregators) {
            MetricBatch batch = aggregator.flush(nowMs);
            series.addAll(batch.series());
            sketches.addAll(batch.sketches());
            events.addAll(batch.events());
            checks.addAll(batch.checks());
            newSamples += batch.newSamples();
        }
        MetricBatch all = new MetricBatch(series, sketches, events, checks, newSamples);
        return all.isEmpty() ? MetricBatch.EMPTY : all;
    }

    @Override
    public long heldSamples() {
        long held = 0;
        for (Aggregator aggregator : aggregators) {
            held += aggregator.heldSamples();
        }
        return held;
    }

    @Override
    public int contexts() {
        int contexts = 0;
        for (Aggregator aggregator : aggregators) {
            contexts += aggregator.contexts();
        }
        return contexts;
    }

    /** An aggregator whose lock this thread has. */
    private Aggregator entered(int index) {
        Turn turn = turns.get();
        Aggregator wanted = aggregators[index];
        long bit = 1L << index;
        if ((turn.entered & bit) == 0) {
            if (turn.entered == 0 || !wanted.tryBeginDatagram(turn.nowMs)) {
                leave(turn);
                wanted.beginDatagram(turn.nowMs);
            }
            turn.entered |= bit;
        }
        return wanted;
    }

    private void leave(Turn turn) {
        for (int i = 0; turn.entered != 0; i++) {
            long bit = 1L << i;
            if ((turn.entered & bit) != 0) {
                aggregators[i].endDatagram();
                turn.entered &= ~bit;
            }
        }
    }

    /** One thread's datagram. */
    private static final class Turn {
        private long nowMs;

        /** A bit for each aggregator whose lock it has. */
        private long entered;
    }

    private static final class Turns extends ThreadLocal<Turn> {
        @Override
        protected Turn initialValue() {
            return new Turn();
        }
    }
}
