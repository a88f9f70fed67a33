package io.dogsled.flush;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.aggregator.Pipelines;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.Text;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What Dogsled counts about itself, as metrics {@code datadog.dogsled.*} (rulings.md 15; docs/decisions/011-self-metrics.md). Main
 * thread.
 *
 * <p><b>Exact across flushes.</b> A count is what came since the flush before. It goes through an aggregator of its own, so that an
 * open bucket is sent again as a whole, in the count mode that was set, as for any counter.
 *
 * <p><b>Beside the ledger.</b> Nobody sent these values, so they are no samples: their points leave with a sample count of 0. Received =
 * delivered + held + lost holds with and without them, and what a client emitted can still be compared with what was received.
 *
 * <p><b>No echo.</b> Delivering them changes none of the numbers they report. They go along with a flush that follows new datagrams or
 * losses, and with the last one: what was delivered since is no reason for a request of its own.
 */
public final class SelfMetrics {
    private static final String PREFIX = "datadog.dogsled.";
    private static final Counter[] ALL = Counter.values();

    private final Counters counters;
    private final Pipelines clients;
    private final Aggregator own;
    private final List<Line> lines = new ArrayList<>();
    private final Line contexts = new Line(MetricType.GAUGE, "contexts", "");

    /**
     * @param counters what is reported
     * @param clients the aggregator whose contexts are counted
     */
    public SelfMetrics(Config config, Counters counters, Pipelines clients) {
        this.counters = counters;
        this.clients = clients;
        this.own = new Aggregator(
                config.aggregation(), new Tagger(config.dogstatsd().tags()), new Counters());
        for (Counter counter : ALL) {
            if (isReported(counter)) {
                lines.add(new Line(counter));
            }
        }
    }

    /** As {@link Pipelines#beginAt}: another engine's points of the open bucket stay. */
    public void beginAt(long nowMs) {
        own.beginAt(nowMs);
    }

    /**
     * Another engine ran in this sandbox. What the kernel dropped until now was its to report; the socket is the same. Before the
     * first flush.
     */
    public void succeedAnother() {
        for (Line line : lines) {
            if (line.counter == Counter.KERNEL_DROPPED) {
                line.reported = counters.value(line.counter);
            }
        }
    }

    /** The counters begin anew, and so do the reports of them. */
    void beginAnew() {
        for (Line line : lines) {
            line.reported = 0;
        }
    }

    /**
     * A batch and what there is to report with it.
     *
     * @param last whether there will be no other
     */
    MetricBatch with(MetricBatch batch, long nowMs, boolean last) {
        if (!last && !hasNews()) {
            return batch;
        }
        boolean any = false;
        own.beginDatagram(nowMs);
        for (Line line : lines) {
            any |= line.report(own, counters.value(line.counter));
        }
        if (any) {
            contexts.send(own, clients.contexts());
        }
        own.endDatagram();
        return any ? joined(batch, own.flush(nowMs)) : batch;
    }

    private boolean hasNews() {
        for (Line line : lines) {
            if (line.counter != Counter.DELIVERED && line.reported != counters.value(line.counter)) {
                return true;
            }
        }
        return false;
    }

    private static MetricBatch joined(MetricBatch batch, MetricBatch self) {
        List<SeriesPoint> series = new ArrayList<>(batch.series());
        for (SeriesPoint point : self.series()) {
            series.add(new SeriesPoint(point.context(), point.timestampS(), 0, point.receipt(), point.values()));
        }
        List<SketchPoint> sketches = new ArrayList<>(batch.sketches());
        for (SketchPoint point : self.sketches()) {
            sketches.add(new SketchPoint(point.context(), point.timestampS(), 0, new Receipt(), point.sketch()));
        }
        return new MetricBatch(series, sketches, batch.events(), batch.checks(), batch.newSamples());
    }

    private static boolean isReported(Counter counter) {
        return switch (counter) {
            case RECEIVED, DELIVERED, KERNEL_DROPPED, DATAGRAMS, BYTES, PARSED -> true;
            default -> counter.kind() == Counter.Kind.LOST || counter.kind() == Counter.Kind.REJECTED;
        };
    }

    private static String name(Counter counter) {
        return switch (counter.kind()) {
            case LOST -> "lost";
            case REJECTED -> "rejected";
            case LEDGER, NOTE -> counter.label();
        };
    }

    private static String tag(Counter counter) {
        boolean reason = counter.kind() == Counter.Kind.LOST || counter.kind() == Counter.Kind.REJECTED;
        return reason ? "reason:" + counter.label() : "";
    }

    /** One metric, written as a client would have written it. */
    private static final class Line {
        private final Counter counter;
        private final Sample sample = new Sample();
        private long reported;

        Line(Counter counter) {
            this(counter, MetricType.COUNT, SelfMetrics.name(counter), SelfMetrics.tag(counter));
        }

        Line(MetricType type, String name, String tag) {
            this(Counter.RECEIVED, type, name, tag);
        }

        private Line(Counter counter, MetricType type, String name, String tag) {
            this.counter = counter;
            sample.buffer = (PREFIX + name + tag).getBytes(StandardCharsets.UTF_8);
            sample.type = type;
            sample.hash = Arrays.hashCode(sample.buffer); // any will do that is always the same
            sample.nameEnd = PREFIX.length() + name.length();
            sample.tagsStart = sample.nameEnd;
            sample.tagsEnd = sample.buffer.length;
            sample.rate = 1;
        }

        /** Sends what came since the last time; false if nothing did. */
        boolean report(Aggregator to, long value) {
            if (value == reported) {
                return false;
            }
            send(to, (double) (value - reported));
            reported = value;
            return true;
        }

        void send(Aggregator to, double value) {
            sample.clearValues();
            sample.addValue(value);
            to.accept(sample);
        }
    }

    /** Names stay as they are, without namespace or mapping; tags are those that everything gets. */
    private static final class Tagger implements Enricher {
        private final List<String> tags;

        Tagger(List<String> tags) {
            this.tags = tags;
        }

        @Override
        public Context enrich(Sample sample) {
            List<Text> all = commonTags();
            if (sample.tagsEnd > sample.tagsStart) {
                all.add(Text.copyOf(sample.buffer, sample.tagsStart, sample.tagsEnd));
            }
            all.sort(null);
            return new Context(sample.type, Text.copyOf(sample.buffer, sample.nameStart, sample.nameEnd), all);
        }

        @Override
        public List<Text> commonTags() {
            List<Text> all = new ArrayList<>();
            for (String tag : tags) {
                all.add(Text.of(tag));
            }
            return all;
        }
    }
}
