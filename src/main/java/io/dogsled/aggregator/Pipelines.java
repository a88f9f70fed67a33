package io.dogsled.aggregator;

import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.Text;

/** Where samples add up: one aggregator, or several that share the contexts. Any thread. */
public interface Pipelines extends SampleSink {
    /**
     * As many aggregators as there are enrichers.
     *
     * @param enrichers alike; each belongs to one aggregator's lock. More than one only if no two names can become one by them
     */
    static Pipelines of(Config.Aggregation settings, Enricher[] enrichers, Instruments instruments) {
        Shared shared = Shared.of(settings, instruments.counters(), instruments.log());
        if (enrichers.length == 1) {
            return new Aggregator(settings, enrichers[0], shared, Text.EMPTY);
        }
        Aggregator[] aggregators = new Aggregator[enrichers.length];
        for (int i = 0; i < aggregators.length; i++) {
            aggregators[i] = new Aggregator(settings, enrichers[i], shared, Text.of("pipeline:" + i));
        }
        return new Demultiplexer(aggregators);
    }

    /** Those of the clients, and beside them what Dogsled says of the function: what is flushed and held is that of both. */
    static Pipelines joined(Pipelines clients, Pipelines own) {
        return new Joined(clients, own);
    }

    /**
     * Says when this engine began. Another one may have lived in this sandbox seconds ago and have sent points of the bucket
     * that is open now; a point of the same second from here would replace them at the intake. So our part of that bucket
     * begins at a second of its own (docs/decisions/016-first-bucket.md). Before the first datagram, and again after the restore of
     * a snapshot.
     */
    void beginAt(long nowMs);

    /**
     * Takes out everything that changed since the last flush. One thread at a time; datagrams may come in meanwhile.
     *
     * @param nowMs wall clock, for what is over and idle
     */
    MetricBatch flush(long nowMs);

    /** Samples, events and checks that were received and are in no batch yet. */
    long heldSamples();

    /** The number of contexts that are known now. */
    int contexts();
}
