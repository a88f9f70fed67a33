package io.dogsled.dogstatsd;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Clock;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.testing.Aggregations;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
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
 * What a line of a known context costs from the datagram to its cell: the real parser, enrichment and aggregator. 100 datagrams
 * in turn, every line with four tags and a value of its own, 400 contexts in random order. Every iteration begins with an aggregator
 * that has seen each of them once, because a histogram keeps what it gets until a flush.
 *
 * <p>Sampled, not averaged: the median of calls of a few microseconds does not see that the machine did something else now and then.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 6, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class LineBenchmark {
    private static final int LINES = 20;
    private static final int DATAGRAMS = 100;
    private static final int CONTEXTS = 400;

    /** The type of all lines, or each of them in turn; {@code packed}: counters with three values and a rate. */
    @Param({"c", "g", "h", "d", "s", "mixed", "packed", "rejected"})
    public String kind = "";

    private final byte[] receiveBuffer = new byte[65_536];
    private byte[][] single = new byte[0][];
    private byte[][] twenty = new byte[0][];
    private int next;
    private DatagramParser parser = parser();

    @Setup
    public void writeDatagrams() {
        single = datagrams(1);
        twenty = datagrams(LINES);
    }

    @Setup(Level.Iteration)
    public void learn() {
        parser = parser();
        for (byte[] datagram : twenty) {
            parser.onDatagram(datagram, datagram.length);
        }
        for (byte[] datagram : single) {
            parser.onDatagram(datagram, datagram.length);
        }
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public Object lineAlone() {
        for (int i = 0; i < LINES; i++) {
            receive(single);
        }
        return parser;
    }

    @Benchmark
    @OperationsPerInvocation(LINES)
    public Object lineOfTwenty() {
        return receive(twenty);
    }

    private Object receive(byte[][] datagrams) {
        byte[] datagram = datagrams[next];
        next = next + 1 == DATAGRAMS ? 0 : next + 1;
        System.arraycopy(datagram, 0, receiveBuffer, 0, datagram.length); // as the kernel does it
        parser.onDatagram(receiveBuffer, datagram.length);
        return parser;
    }

    private byte[][] datagrams(int lines) {
        Random random = new Random(7);
        byte[][] datagrams = new byte[DATAGRAMS][];
        for (int i = 0; i < DATAGRAMS; i++) {
            List<String> text = new ArrayList<>();
            for (int line = 0; line < lines; line++) {
                text.add(line(random, line));
            }
            datagrams[i] = String.join("\n", text).getBytes(StandardCharsets.UTF_8);
        }
        return datagrams;
    }

    private String line(Random random, int index) {
        int context = random.nextInt(CONTEXTS);
        String type = kind.length() == 1 ? kind : "cghds".substring(index % 5, index % 5 + 1);
        String value = random.nextInt(3) == 0
                ? Integer.toString(random.nextInt(1_000))
                : random.nextInt(1_000) + "." + random.nextInt(100);
        String tags = "|#env:production,region:eu-west-1,service:shop-" + context % 40 + ",version:1.2." + context / 40;
        String name = "shop.orders." + (context % 2 == 0 ? "placed" : "duration") + context % 20;
        return switch (kind) {
            case "packed" -> name + ":" + value + ":1:2|c|@0.5" + tags;
            case "rejected" -> name + ":" + value + "x|" + type + tags;
            default -> name + ":" + (type.equals("s") ? "user-" + random.nextInt(1_000) : value) + "|" + type + tags;
        };
    }

    private static DatagramParser parser() {
        Config.Dogstatsd config = ParseBenchmark.settings();
        Instruments instruments = new Instruments(Clock.system(), new Counters(), new Log(Log.Level.OFF));
        Config.Aggregation aggregation = Aggregations.defaults();
        Aggregator aggregator =
                new Aggregator(aggregation, DogStatsDServer.enricher(config, instruments), instruments.counters());
        return new DatagramParser(config, aggregator, instruments, new RejectionLog(instruments.log()));
    }
}
