package io.dogsled.aggregator;

import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.SampleLines;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A flush of 10,000 changed contexts of one type, each in a new bucket: 40 slices, the batch, and the look for what is over
 * and idle.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FlushBenchmark {
    private static final long BUCKET_MS = 10_000;
    private static final int CONTEXTS = 10_000;

    @Param({"c", "s", "d", "h"})
    public String type = "";

    private final Aggregator aggregator = AggregateBenchmark.aggregator();
    private long nowMs = 1_700_000_003_000L;
    private final Sample[] samples = new Sample[CONTEXTS];

    @Setup
    public void lines() {
        for (int i = 0; i < CONTEXTS; i++) {
            samples[i] = SampleLines.sample("m" + i % 50 + ":1|" + type + "|#env:dev,service:shop,user:" + i);
        }
    }

    @Setup(Level.Invocation)
    public void change() {
        nowMs += BUCKET_MS;
        for (Sample sample : samples) {
            aggregator.beginDatagram(nowMs);
            aggregator.accept(sample);
            aggregator.endDatagram();
        }
    }

    /** The look for what is over, also where only the lock is measured; nothing is left to flush. */
    @TearDown(Level.Invocation)
    public void sweep() {
        aggregator.flush(nowMs);
    }

    /** What of a flush holds the lock: the swap, and all slices together. */
    @Benchmark
    public long underTheLock() {
        Batch batch = new Batch();
        Changes taken = aggregator.swap(batch);
        int from = 0;
        while (from < taken.size()) {
            from = aggregator.takeSlice(taken, from, batch);
        }
        return batch.approximated();
    }

    @Benchmark
    public MetricBatch flush() {
        return aggregator.flush(nowMs);
    }
}
