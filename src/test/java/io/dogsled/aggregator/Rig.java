package io.dogsled.aggregator;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.SketchView;
import io.dogsled.metrics.Text;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** An aggregator with its surroundings, and readable answers. Checks the ledger after every step. */
final class Rig {
    static final Config.NameFilter NO_FILTER = new Config.NameFilter(List.of(), false);
    static final Config.Aggregation DEFAULTS = settings(Config.CountMode.COUNT);

    final PlainEnricher enricher = new PlainEnricher();
    final Counters counters = new Counters();
    final Aggregator aggregator;
    private long handedOver;

    Rig() {
        this(DEFAULTS);
    }

    Rig(Config.Aggregation settings) {
        this(settings, Limits.DEFAULT);
    }

    Rig(Config.Aggregation settings, Limits limits) {
        Shared shared = Shared.with(limits, counters, new Log(Log.Level.OFF));
        aggregator = new Aggregator(settings, enricher, shared, Text.EMPTY);
    }

    static Config.Aggregation settings(Config.CountMode countMode) {
        return Aggregations.defaults(countMode);
    }

    /** One datagram at a second. */
    void send(long atS, String... lines) {
        send((double) atS, lines);
    }

    /** One datagram within a second. */
    void send(double atS, String... lines) {
        aggregator.beginDatagram((long) (atS * 1_000));
        try {
            for (String line : lines) {
                aggregator.accept(SampleLines.sample(line));
            }
        } finally {
            aggregator.endDatagram();
        }
        checkLedger();
    }

    MetricBatch flush(long atS) {
        return flush((double) atS);
    }

    MetricBatch flush(double atS) {
        MetricBatch batch = aggregator.flush((long) (atS * 1_000));
        handedOver += batch.newSamples();
        checkLedger();
        return batch;
    }

    /** What a flush sends, one line a value, sorted: {@code COUNT hits[env:dev] 1000 3.0 (2 samples)}. */
    List<String> flushed(long atS) {
        MetricBatch batch = flush(atS);
        List<String> lines = new ArrayList<>();
        for (SeriesPoint point : batch.series()) {
            for (SeriesPoint.Value value : point.values()) {
                lines.add(value.kind() + " " + value.metric() + point.context().tags() + " " + point.timestampS() + " "
                        + value.value() + samples(point.samples()));
            }
        }
        for (SketchPoint point : batch.sketches()) {
            lines.add("SKETCH " + point.context().name() + point.context().tags() + " " + point.timestampS() + " "
                    + text(point.sketch()) + samples(point.samples()));
        }
        Collections.sort(lines);
        return lines;
    }

    long lost(Counter counter) {
        return counters.value(counter);
    }

    static String text(SketchView sketch) {
        StringBuilder text = new StringBuilder("cnt=" + sketch.count() + " sum=" + sketch.sum());
        for (int i = 0; i < sketch.bins(); i++) {
            text.append(' ').append(sketch.key(i)).append(':').append(sketch.binCount(i));
        }
        return text.toString();
    }

    private void checkLedger() {
        long accounted = handedOver + aggregator.heldSamples() + counters.sum(Counter.Kind.LOST);
        if (accounted != counters.value(Counter.RECEIVED)) {
            throw new AssertionError("received " + counters.value(Counter.RECEIVED) + ", but handed over "
                    + handedOver + " + held " + aggregator.heldSamples() + " + lost "
                    + counters.sum(Counter.Kind.LOST));
        }
    }

    private static String samples(long samples) {
        return samples == 1 ? "" : " (" + samples + " samples)";
    }
}
