package io.dogsled.aggregator;

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
import org.openjdk.jmh.annotations.Warmup;

/** How long a flush of 10,000 changed contexts keeps a receiver waiting at a time: one slice, with its quantiles. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SliceBenchmark {
    private static final long BUCKET_MS = 10_000;
    private static final int CONTEXTS = 10_000;

    @Param({"c", "s", "d", "h"})
    public String type = "";

    private final Aggregator aggregator = AggregateBenchmark.aggregator();
    private final Sample[] samples = new Sample[CONTEXTS];
    private long nowMs = 1_700_000_003_000L;
    private Batch batch = new Batch();
    private Changes taken = new Changes();
    private int from;

    @Setup
    public void lines() {
        for (int i = 0; i < CONTEXTS; i++) {
            samples[i] = SampleLines.sample("m" + i % 50 + ":1|" + type + "|#env:dev,service:shop,user:" + i);
        }
    }

    /** The next flush, when this one is through. */
    @Setup(Level.Invocation)
    public void change() {
        batch.finishTaken();
        if (from < taken.size()) {
            return;
        }
        aggregator.flush(nowMs);
        nowMs += BUCKET_MS;
        for (Sample sample : samples) {
            aggregator.beginDatagram(nowMs);
            aggregator.accept(sample);
            aggregator.endDatagram();
        }
        batch = new Batch();
        taken = aggregator.swap(batch);
        from = 0;
    }

    @Benchmark
    public int slice() {
        from = aggregator.takeSlice(taken, from, batch);
        return from;
    }
}
