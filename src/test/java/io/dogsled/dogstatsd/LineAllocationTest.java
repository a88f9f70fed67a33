package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.testing.Aggregations;
import io.dogsled.testing.ManualClock;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the datagram to the cell, a line of a known context makes no object, and neither does one that is refused. */
class LineAllocationTest {
    private static final int DATAGRAMS = 1_000;
    private static final int LINES = 10;
    private static final String TAGS = "|#env:dev,region:eu-west-1,service:shop,version:1.2.3";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final DatagramParser parser = parser();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page.views:1|c",
                "page.views:1:2.5:3|c|@0.5",
                "page.views:1|c|T1700000000",
                "page.views:1|c|card:low|c:ci-abc|e:it-false",
                "queue.depth:-12.25|g",
                "queue.depth:0.30000000000000004|g",
                "queue.depth:1.7976931348623157E308|g",
                "queue.depth:1e3|g",
                "queue.depth:9223372036854775807|g",
                "request.size:1234|d",
                "request.size:1:2|d|@0.5",
                "users:user-1|s",
                "users:17|s"
            })
    void aKnownLineMakesNoObject(String line) {
        assertThat(bytesPerLine(line + TAGS)).as("bytes a line").isLessThan(0.5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no pipe",
                "a:1",
                ":1|c",
                "a|c",
                "a:1|x",
                "a:1x|c",
                "a:1e400|c",
                "a:0x1|g",
                "a:::|c",
                "a:1|c|@x",
                "a:1|c|Tx",
                "a:1|c|T0",
                "_e{1}:a|b",
                "_e{9,9}:a|b",
                "_sc|a",
                "_sc|a|7"
            })
    void aRefusedLineMakesNoObject(String line) {
        assertThat(bytesPerLine(line)).as("bytes a line").isLessThan(0.5);
    }

    /** A histogram keeps its values until a flush: 16 bytes each, in arrays that grow, old and new together below four times that. */
    @ParameterizedTest
    @ValueSource(strings = {"request.time:12.5|h", "request.time:12.5|ms"})
    void aHistogramTakesNoMoreThanItsValuesNeed(String line) {
        assertThat(bytesPerLine(line + TAGS)).as("bytes a line").isLessThan(64);
    }

    /** The smallest of some runs: the compiler and the measuring itself allocate now and then. */
    private double bytesPerLine(String line) {
        byte[] datagram = (line + "\n").repeat(LINES).getBytes(StandardCharsets.UTF_8);
        repeat(datagram);
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 4; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(datagram);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least / (double) (DATAGRAMS * LINES);
    }

    private void repeat(byte[] datagram) {
        for (int i = 0; i < DATAGRAMS; i++) {
            parser.onDatagram(datagram, datagram.length);
        }
    }

    private static DatagramParser parser() {
        Instruments instruments = new Instruments(new ManualClock(), new Counters(), new Log(Log.Level.OFF));
        Config.Aggregation settings = Aggregations.defaults();
        Aggregator aggregator = new Aggregator(
                settings, DogStatsDServer.enricher(Settings.defaults(), instruments), instruments.counters());
        return new DatagramParser(Settings.defaults(), aggregator, instruments, new RejectionLog(instruments.log()));
    }
}
