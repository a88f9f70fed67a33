package io.dogsled.serializer;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;

/** Batches as the real aggregator makes them out of lines. */
final class Batches {
    private Batches() {}

    /** The batch of samples that arrive at one second; a {@code T} option says otherwise. */
    static MetricBatch of(long atS, String... lines) {
        Config.Aggregation settings = Aggregations.defaults();
        Aggregator aggregator = new Aggregator(settings, new PlainEnricher(), new Counters());
        aggregator.beginDatagram(atS * 1_000);
        for (String line : lines) {
            aggregator.accept(SampleLines.sample(line));
        }
        aggregator.endDatagram();
        return aggregator.flush(atS * 1_000);
    }
}
