package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.testing.PlainEnricher;
import io.dogsled.testing.SampleLines;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A receiver and a flush at the same time: nothing is lost between slices, nothing is taken twice. */
class ConcurrentFlushTest {
    private static final int DATAGRAMS = 30_000;

    @Test
    void samplesThatComeDuringAFlushLeaveWithItOrWithTheNext() throws InterruptedException {
        Counters counters = new Counters();
        Aggregator aggregator = new Aggregator(Rig.DEFAULTS, new PlainEnricher(), counters);
        Thread receiver = new Thread(() -> send(aggregator), "receiver");
        Map<String, Double> counts = new HashMap<>();
        double distributed = 0;
        long taken = 0;
        receiver.start();
        boolean running = true;
        while (running) {
            running = receiver.isAlive();
            MetricBatch batch = aggregator.flush(1_000_000_000);
            for (SeriesPoint point : batch.series()) {
                counts.put(point.context().toString(), point.values().getFirst().value());
            }
            for (SketchPoint point : batch.sketches()) {
                distributed += point.sketch().sum();
            }
            taken += batch.newSamples();
        }
        receiver.join();
        assertThat(taken).isEqualTo(4L * DATAGRAMS).isEqualTo(counters.value(Counter.RECEIVED));
        assertThat(aggregator.heldSamples()).isZero();
        double counted = 0;
        for (double last : counts.values()) {
            counted += last;
        }
        assertThat(counted).isEqualTo(3.0 * DATAGRAMS);
        assertThat(distributed).isEqualTo(5.0 * DATAGRAMS);
    }

    private static void send(Aggregator aggregator) {
        Sample[] samples = new Sample[2_000];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = SampleLines.sample(i % 2 == 0 ? "c:1:1:1|c|#n:" + i : "d:5|d|#n:" + i);
        }
        for (int i = 0; i < DATAGRAMS; i++) {
            aggregator.beginDatagram(1_000_000_000);
            aggregator.accept(samples[2 * i % samples.length]);
            aggregator.accept(samples[(2 * i + 1) % samples.length]);
            aggregator.endDatagram();
        }
    }
}
