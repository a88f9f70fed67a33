package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The largest queue that the settings allow would be 512 MiB. */
class WorkersBoundTest {
    private static final int PACKET_BYTES = 8_192;

    private final Counters counters = new Counters();

    @Test
    @Timeout(30)
    void aLongQueueOfLargePacketsIsBoundedByItsBytes() throws InterruptedException {
        CountDownLatch gate = new CountDownLatch(1);
        Instruments instruments = new Instruments(Clock.system(), counters, new Log(Log.Level.OFF));
        DatagramHandler slow = (bytes, length) -> await(gate);
        int more = 10 + (int) (Workers.MOST_BYTES / PACKET_BYTES);
        try (Workers workers = new Workers(List.of(slow), 65_536, 65_536, instruments)) {
            workers.start();
            Thread putter = new Thread(() -> {
                for (int i = 0; i < more; i++) {
                    workers.onDatagram(new byte[PACKET_BYTES], PACKET_BYTES);
                }
            });
            putter.start();
            while (counters.value(Counter.QUEUE_WAITS) == 0 && putter.isAlive()) {
                Thread.onSpinWait();
            }
            assertThat(counters.value(Counter.QUEUE_WAITS)).isPositive();
            gate.countDown();
            putter.join();
        }
    }

    private static void await(CountDownLatch gate) {
        try {
            assertThat(gate.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
