package io.dogsled.serializer;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.List;

/** Batches as the real aggregator makes them out of lines. */
final class Batches {
    private Batches() {}

    /** The batch of samples that arrive at one second; a {@code T} option says otherwise. */
    static MetricBatch of(long atS, String... lines) {
        Config.Aggregation settings = new Config.Aggregation(
                List.of("max", "median", "avg", "count"),
                List.of(95),
                false,
                "",
                Config.CountMode.COUNT,
                new Config.NameFilter(List.of(), false),
                20_000,
                1);
        Aggregator aggregator = new Aggregator(settings, new PlainEnricher(), new Counters());
        aggregator.beginDatagram(atS * 1_000);
        for (String line : lines) {
            aggregator.accept(SampleLines.sample(line));
        }
        aggregator.endDatagram();
        return aggregator.flush(atS * 1_000);
    }
}
