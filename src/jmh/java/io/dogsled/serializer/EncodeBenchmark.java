package io.dogsled.serializer;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Each encoder on what a large flush holds, with and without compression. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {
    private static final int CONTEXTS = 10_000;
    private static final int SKETCHES = 1_000;
    private static final int OTHERS = 100;

    @Param({"true", "false"})
    public boolean compress;

    private MetricBatch batch = MetricBatch.EMPTY;
    private List<Event> events = List.of();
    private List<ServiceCheck> checks = List.of();
    private PayloadSerializer serializer = new PayloadSerializer(true);

    @Setup
    public void setUp() {
        serializer = new PayloadSerializer(compress);
        batch = batch();
        List<String> tags = List.of("env:dev", "service:shop");
        events = Collections.nCopies(OTHERS, new Event("deploy", "v2 is out", 1, "normal", "", tags, "info", "", ""));
        checks = Collections.nCopies(OTHERS, new ServiceCheck("db.up", 0, 1, "", "fine", tags));
    }

    @Benchmark
    public Payload series() {
        return serializer.series(batch.series(), Integer.MAX_VALUE);
    }

    @Benchmark
    public Payload sketches() {
        return serializer.sketches(batch.sketches(), Integer.MAX_VALUE);
    }

    @Benchmark
    public Payload events() {
        return serializer.events(events, Integer.MAX_VALUE);
    }

    @Benchmark
    public Payload checks() {
        return serializer.checks(checks, Integer.MAX_VALUE);
    }

    private static MetricBatch batch() {
        Config.Aggregation settings = Aggregations.defaults();
        Aggregator aggregator = new Aggregator(settings, new PlainEnricher(), new Counters());
        aggregator.beginDatagram(1_700_000_003_000L);
        for (int i = 0; i < CONTEXTS; i++) {
            String tags = "|#env:dev,region:eu-west-1,service:shop,route:/api/" + i % 97 + ",user:" + i;
            aggregator.accept(SampleLines.sample("app.requests." + i % 50 + ":" + i * 7 % 1_000 + "|c" + tags));
            if (i < SKETCHES) {
                aggregator.accept(SampleLines.sample("app.size:1:2:5:10:20:50:100:" + i + "|d" + tags));
            }
        }
        aggregator.endDatagram();
        return aggregator.flush(1_700_000_003_000L);
    }
}
