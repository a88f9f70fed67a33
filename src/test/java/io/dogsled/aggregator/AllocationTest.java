package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.SampleLines;
import java.lang.management.ManagementFactory;
import java.util.function.IntConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line seen before costs no memory: nothing for the collector to do while the function runs. */
class AllocationTest {
    private static final int LINES = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "page.views:1|c|#env:dev,az:1,team:cart,route:/cart",
                "page.views:1:2|c|@0.5|#env:dev,az:1,team:cart,route:/cart|T1700000001",
                "queue.depth:3|g|#env:dev,az:1,team:cart,route:/cart",
                "users:ann|s|#env:dev,az:1,team:cart,route:/cart",
                "request.size:3:7|d|#env:dev,az:1,team:cart,route:/cart",
                "request.size:3:7|d|@0.5|#env:dev,az:1,team:cart,route:/cart",
                "request.time:3:7:3.5|h|#env:dev,az:1,team:cart,route:/cart",
                "request.time:3:7:3.5|ms|@0.5|#env:dev,az:1,team:cart,route:/cart"
            })
    void aKnownLineAllocatesNothing(String line) {
        Aggregator aggregator = new Rig().aggregator;
        Sample sample = SampleLines.sample(line);
        IntConsumer send = atMs -> {
            aggregator.beginDatagram(1_700_000_000_000L + atMs);
            aggregator.accept(sample);
            aggregator.endDatagram();
        };
        repeat(send);
        assertThat(allocated(send) / (double) LINES).as("bytes a line").isLessThan(0.5);
    }

    /** The smallest of some runs: the compiler and the measuring itself allocate now and then. */
    private long allocated(IntConsumer send) {
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            repeat(send);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    private static void repeat(IntConsumer send) {
        for (int i = 0; i < LINES; i++) {
            send.accept(i % 5_000);
        }
    }
}
