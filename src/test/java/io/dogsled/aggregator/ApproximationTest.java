package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dogsled.base.Counter;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SketchView;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no longer exact: how far it is off, and that it says so. */
class ApproximationTest {
    /** Three standard errors: 1.04 / √registers each. */
    @ParameterizedTest
    @CsvSource({"12, 0.049", "8, 0.195"})
    void anEstimateIsWithinThreeStandardErrors(int precision, double error) {
        HyperLogLog estimate = new HyperLogLog(precision);
        for (int i = 1; i <= 300_000; i++) {
            byte[] member = ("user-" + i).getBytes(StandardCharsets.UTF_8);
            estimate.add(member, 0, member.length);
            if (Integer.bitCount(i) == 1 || i % 100_000 == 0) {
                assertThat((double) estimate.estimate()).as("of " + i).isCloseTo(i, within(Math.max(1, error * i)));
            }
        }
    }

    @Test
    void noMembersAndOneMemberAreCountedExactly() {
        HyperLogLog estimate = new HyperLogLog(HyperLogLog.FINE);
        assertThat(estimate.estimate()).isZero();
        estimate.add(new byte[] {1, 2, 3}, 0, 3);
        estimate.add(new byte[] {0, 1, 2, 3}, 1, 4);
        assertThat(estimate.estimate()).isEqualTo(1);
    }

    @Test
    void aSetIsExactToItsLimitAndThenWithinFivePercent() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 1 << 20, 2_000, 10));
        send(rig, 0, 2_000);
        send(rig, 500, 1_000);
        assertThat(shown(rig)).isEqualTo(2_000);
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isZero();
        double before = 2_000;
        for (int to = 4_000; to <= 40_000; to += 4_000) {
            send(rig, to - 4_000, to);
            double shown = shown(rig);
            assertThat(shown).isCloseTo((double) to, within(to * 0.05)).isGreaterThanOrEqualTo(before);
            before = shown;
        }
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isEqualTo(40_000);
        assertThat(rig.counters.sum(Counter.Kind.LOST)).isZero();
    }

    /** No set has room for more than a few members: all are estimated, and none is far off. */
    @Test
    void whereThereIsNoRoomSetsAreEstimatedEarlyAndCoarsely() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 20_000, 20_000, 10));
        for (int set = 0; set < 50; set++) {
            for (int member = 0; member < 100; member++) {
                rig.send(1001, "s" + set + ":" + set + "/" + member + "|s");
            }
        }
        assertThat(rig.aggregator.cellBytes()).isLessThan(20_000 + 50 * (Cell.BYTES + 256));
        MetricBatch batch = rig.flush(1002);
        double sum = 0;
        for (var point : batch.series()) {
            double members = point.values().getFirst().value();
            sum += members;
            assertThat(members).isCloseTo(100, within(25.0));
        }
        assertThat(sum).isCloseTo(5_000, within(150.0));
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isGreaterThan(3_000);
    }

    @Test
    void whereThereIsNoRoomHistogramsKeepTheirExtremesAndSums() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 20_000, 20_000, 65_536));
        for (int value = 0; value < 1_000; value++) {
            for (int name = 0; name < 20; name++) {
                rig.send(1001, "h" + name + ":" + value + "|h");
            }
        }
        assertThat(rig.aggregator.cellBytes()).isLessThan(20_000 + 20 * (Cell.BYTES + 640));
        assertThat(rig.flushed(1002))
                .contains(
                        "COUNT h7.count[] 1000 1000.0 (1000 samples)",
                        "GAUGE h7.avg[] 1000 499.5 (1000 samples)",
                        "GAUGE h7.max[] 1000 999.0 (1000 samples)");
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isPositive();
    }

    /** The bins of low values are folded together, those of high ones stay. */
    @Test
    void whereThereIsNoRoomDistributionsKeepTheirHighPercentiles() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 2_000, 10, 10));
        for (int value = 1; value <= 10_000; value++) {
            rig.send(1001, "d:" + value + "|d");
        }
        assertThat(rig.aggregator.cellBytes()).isLessThan(2_500);
        SketchView sketch = rig.flush(1002).sketches().getFirst().sketch();
        assertThat(sketch.count()).isEqualTo(10_000);
        assertThat(sketch.sum()).isEqualTo(10_000 * 10_001 / 2.0);
        assertThat(sketch.bins()).isLessThanOrEqualTo(65);
        // the 64 highest bins of 1.6 % reach down to 10000 / 1.016^64
        assertThat(sketch.key(1)).isEqualTo(sketch.key(sketch.bins() - 1) - sketch.bins() + 2);
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isEqualTo(10_000);
        assertThat(rig.aggregator.cellBytes()).isEqualTo(Cell.BYTES);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 33, 1_000})
    void aValueThatComesAgainTakesNoMoreMemory(int different) {
        Room room = new Room(Limits.DEFAULT);
        WeightedValues values = new WeightedValues(65_536, room);
        for (int i = 0; i < 20_000; i++) {
            values.add(i % different, 1);
        }
        assertThat(values.bytes()).isLessThan(150 + Math.max(64, 4 * different) * 16);
        assertThat(room.cellBytes()).isEqualTo(values.bytes());
        values.sort();
        assertThat(values.isApproximate()).isFalse();
        assertThat(values.atRank(0)).isZero();
        assertThat(values.atRank(19_999)).isEqualTo(different - 1);
    }

    private static void send(Rig rig, int from, int to) {
        for (int i = from; i < to; i++) {
            rig.send(1001, "s:user-" + i + "|s");
        }
    }

    private static double shown(Rig rig) {
        return rig.flush(1002).series().getFirst().values().getFirst().value();
    }
}
