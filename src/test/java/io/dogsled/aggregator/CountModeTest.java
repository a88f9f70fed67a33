package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.config.Config;
import io.dogsled.metrics.MetricBatch;
import org.junit.jupiter.api.Test;

/** The three ways counters leave (rulings.md 4). */
class CountModeTest {
    @Test
    void rateDividesCountersAndHistogramCountsByTheBucket() {
        Rig rig = new Rig(Rig.settings(Config.CountMode.RATE));
        rig.send(1001, "c:1:2|c", "c:5|c|T1234567", "h:1:2|h");
        assertThat(rig.flushed(1002))
                .contains(
                        "RATE c[] 1000 0.3 (2 samples)", "RATE c[] 1234567 0.5", "RATE h.count[] 1000 0.2 (2 samples)");
    }

    @Test
    void distributionSendsWhatWasCountedSinceTheLastFlushAsOneValue() {
        Rig rig = new Rig(Rig.settings(Config.CountMode.DISTRIBUTION));
        rig.send(1001, "c:1:2|c|@0.5", "c:4|c", "h:1:2|h", "g:1|g");
        assertThat(rig.flushed(1002))
                .contains("SKETCH c[] 1000 cnt=1 sum=10.0 1487:1 (3 samples)", "COUNT h.count[] 1000 2.0 (2 samples)");
        rig.send(1003, "c:1|c");
        MetricBatch second = rig.flush(1004);
        assertThat(second.series()).isEmpty();
        assertThat(second.sketches().getFirst().sketch().sum()).isEqualTo(1);
        assertThat(second.newSamples()).isEqualTo(1);
    }
}
