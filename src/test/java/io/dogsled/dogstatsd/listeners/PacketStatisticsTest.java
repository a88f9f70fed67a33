package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testing.ManualClock;
import org.junit.jupiter.api.Test;

class PacketStatisticsTest {
    private final ManualClock clock = new ManualClock();
    private final PacketStatistics statistics = new PacketStatistics(3, clock);

    @Test
    void eachOfTheLastSecondsHasItsPackets() {
        assertThat(statistics.perSecond()).containsExactly(0, 0, 0);
        count(2);
        clock.advanceMs(1_000);
        count(5);
        clock.advanceMs(1_000);
        assertThat(statistics.perSecond()).containsExactly(0, 5, 2);
        count(1);
        clock.advanceMs(1_000);
        assertThat(statistics.perSecond()).containsExactly(0, 1, 5);
    }

    @Test
    void aFreezeLeavesNothingOfBefore() {
        count(4);
        clock.advanceMs(3_600_000);
        assertThat(statistics.perSecond()).containsExactly(0, 0, 0);
        count(1);
        assertThat(statistics.perSecond()).containsExactly(1, 0, 0);
    }

    private void count(int packets) {
        for (int i = 0; i < packets; i++) {
            statistics.count();
        }
    }
}
