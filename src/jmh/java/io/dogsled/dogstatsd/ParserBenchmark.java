package io.dogsled.dogstatsd;

import io.dogsled.base.Counters;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One metric line → the reused sample. The line is in a larger buffer, as a datagram is. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ParserBenchmark {
    private static final Map<String, String> LINES = Map.of(
            "bare", "page.views:1|c",
            "tagged", "shop.order.total:84.90|h|@0.5|#env:prod,service:shop,country:de,payment:card",
            "packed", "shop.payment.time:20:23:26:29:32:35:38:41|ms|#payment:card");

    @Param({"bare", "tagged", "packed"})
    private String line = "";

    private final MetricParser parser = new MetricParser(true, new Counters());
    private byte[] buffer = {};
    private int length;

    @Setup
    public void fillBuffer() {
        byte[] bytes = LINES.getOrDefault(line, "").getBytes(StandardCharsets.US_ASCII);
        length = bytes.length;
        buffer = new byte[64 * 1024];
        System.arraycopy(bytes, 0, buffer, 0, length);
    }

    @Benchmark
    public boolean parse() {
        return parser.parse(buffer, 0, length);
    }
}
