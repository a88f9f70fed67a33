package io.dogsled.dogstatsd;

import io.dogsled.base.Clock;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

/**
 * What one line costs from the datagram to the sink, without the aggregator; per line, in datagrams of 20. Run with {@code
 * -jvmArgsAppend -XX:TieredStopAtLevel=1} it shows the same under the compiler of the layer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ParseBenchmark {
    private static final int LINES = 20;

    /** A line with four tags, the shortest, one off the fast path of numbers, and one that is refused. */
    @Param({
        "page.views.total:12.5|c|@0.5|#env:dev,region:eu-west-1,service:shop,version:1.2.3",
        "a:1|c",
        "request.time:0.12345678901234567|ms|#env:dev",
        "request.time:12ms|g|#env:dev"
    })
    public String line = "";

    private final CountingSink sink = new CountingSink();
    private byte[] datagram = new byte[0];
    private DatagramParser parser = parser();

    @Setup
    public void setUp() {
        datagram = (line + "\n").repeat(LINES).getBytes(StandardCharsets.UTF_8);
        parser = parser();
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public long parse() {
        parser.onDatagram(datagram, datagram.length);
        return sink.sum;
    }

    private DatagramParser parser() {
        Instruments instruments = new Instruments(Clock.system(), new Counters(), new Log(Log.Level.OFF));
        return new DatagramParser(settings(), sink, instruments, new RejectionLog(instruments.log()));
    }

    /** The settings of a server with nothing set. */
    static Config.Dogstatsd settings() {
        return new Config.Dogstatsd(
                0,
                "",
                0,
                false,
                true,
                "",
                List.of(),
                new Config.NameFilter(List.of(), false),
                List.of(),
                Config.Mapper.NONE,
                "",
                0,
                Config.Transports.UDP_ALONE,
                false);
    }

    /** Reads what the parser found, so that none of it can be left out. */
    private static final class CountingSink implements SampleSink {
        private long sum;

        @Override
        public void beginDatagram(long nowMs) {
            sum += nowMs;
        }

        @Override
        public void accept(Sample sample) {
            sum += sample.nameEnd + sample.tagsStart + sample.tagsEnd + (long) sample.value(0) + (long) sample.rate;
        }

        @Override
        public void accept(Event event) {
            sum++;
        }

        @Override
        public void accept(ServiceCheck check) {
            sum++;
        }

        @Override
        public void endDatagram() {
            sum++;
        }
    }
}
