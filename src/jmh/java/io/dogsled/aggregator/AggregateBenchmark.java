package io.dogsled.aggregator;

import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a parsed line of a known context costs in the aggregator, of each type: lookup and cell; a line, of 20 a lock. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AggregateBenchmark {
    private static final int LINES = 20;
    private static final long NOW_MS = 1_700_000_003_000L;

    /** Contexts that are known beside the one measured, so that the table is not in the nearest cache. */
    private static final int OTHERS = 1_000;

    @Param({
        "page.views.total:12.5|c|@0.5",
        "page.views.total:12.5|c|T1700000001",
        "queue.depth:7|g",
        "users.unique:ann|s",
        "request.size:1234|d",
        "request.size:1234|d|@0.5"
    })
    public String line = "";

    private Sample sample = new Sample();
    private Aggregator aggregator = aggregator();

    @Setup
    public void setUp() {
        aggregator = aggregator();
        sample = SampleLines.sample(line + "|#env:dev,region:eu-west-1,service:shop,version:1.2.3");
        aggregator.beginDatagram(NOW_MS);
        for (int i = 0; i < OTHERS; i++) {
            aggregator.accept(SampleLines.sample("other:1|c|#env:dev,region:eu-west-1,service:shop,n:" + i));
        }
        aggregator.endDatagram();
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public Aggregator knownLine() {
        aggregator.beginDatagram(NOW_MS);
        for (int i = 0; i < LINES; i++) {
            aggregator.accept(sample);
        }
        aggregator.endDatagram();
        return aggregator;
    }

    static Aggregator aggregator() {
        Config.Aggregation settings = Aggregations.defaults();
        return new Aggregator(settings, new PlainEnricher(), new Counters());
    }
}
