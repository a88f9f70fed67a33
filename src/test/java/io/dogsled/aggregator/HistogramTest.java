package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dogsled.base.Counter;
import io.dogsled.config.Config;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void theCopyAsADistributionIsNoSecondSample() {
        Rig rig = new Rig(settings(true, "dist.", List.of("max"), false));
        rig.send(1001, "h:1:2|h|#a");
        assertThat(rig.flushed(1002))
                .containsExactly(
                        "GAUGE h.95percentile[a] 1000 2.0 (2 samples)",
                        "GAUGE h.max[a] 1000 2.0 (2 samples)",
                        "SKETCH dist.h[a] 1000 cnt=2 sum=3.0 1338:1 1383:1 (0 samples)");
        rig.send(1003, "h:2|ms|#a");
        assertThat(rig.flushed(1004))
                .contains("SKETCH dist.h[a] 1000 cnt=1 sum=2.0 1383:1 (0 samples)")
                .contains("GAUGE h.max[a] 1000 2.0 (3 samples)");
    }

    @Test
    void generatedNamesOnTheBlockListAreNotSent() {
        Rig rig = new Rig(settings(false, "", List.of("max", "avg"), false, "h.avg", "h.95percentile"));
        rig.send(1001, "h:1|h");
        assertThat(rig.flushed(1002)).containsExactly("GAUGE h.max[] 1000 1.0");
    }

    @Test
    void aHistogramWhoseEveryNameIsBlockedIsLostAsBlocked() {
        Rig rig = new Rig(settings(true, "h.", List.of("max", "avg"), true, "h."));
        rig.send(1001, "h:1:2|h", "other:1|h");
        assertThat(rig.lost(Counter.LOST_BLOCKED)).isEqualTo(2);
        assertThat(rig.flush(1002).newSamples()).isEqualTo(1);
    }

    @Test
    void whereOnlyTheCopyIsAllowedItCarriesTheSamples() {
        Rig rig = new Rig(settings(true, "copy.", List.of("max"), true, "h."));
        rig.send(1001, "h:1:2|h");
        assertThat(rig.flushed(1002)).containsExactly("SKETCH copy.h[] 1000 cnt=2 sum=3.0 1338:1 1383:1 (2 samples)");
    }

    @Test
    void equalValuesAreJoinedWithoutChangingAnything() {
        WeightedValues values = new WeightedValues(64, new Room(Limits.DEFAULT));
        for (int i = 0; i < 10_000; i++) {
            values.add(i % 20, 1);
        }
        values.sort();
        assertThat(values.isApproximate()).isFalse();
        assertThat(values.weight()).isEqualTo(10_000);
        assertThat(values.atRank(4_999)).isEqualTo(9);
        assertThat(values.atRank(9_499)).isEqualTo(18);
    }

    @Test
    void tooManyDifferentValuesKeepSumAndExtremesExactAndPercentilesNear() {
        WeightedValues values = new WeightedValues(1_000, new Room(Limits.DEFAULT));
        Random random = new Random(1);
        double sum = 0;
        for (int i = 0; i < 50_000; i++) {
            double value = random.nextInt(1_000_000);
            sum += value;
            values.add(value, 1);
        }
        values.add(-1, 1);
        values.add(2_000_000, 1);
        values.sort();
        assertThat(values.isApproximate()).isTrue();
        assertThat(values.weight()).isEqualTo(50_002);
        assertThat(values.sum()).isEqualTo(sum + 1_999_999);
        assertThat(values.min()).isEqualTo(-1);
        assertThat(values.max()).isEqualTo(2_000_000);
        assertThat(values.atRank(25_000)).isCloseTo(500_000, within(15_000.0));
        assertThat(values.atRank(47_500)).isCloseTo(950_000, within(15_000.0));
    }

    @Test
    void approximatedSamplesAreNoted() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(10, 10, 10_000, 10, 8));
        for (int i = 0; i < 20; i++) {
            rig.send(1001, "h:" + i + "|h");
        }
        rig.flush(1002);
        assertThat(rig.counters.value(Counter.APPROXIMATED)).isEqualTo(20);
    }

    @Test
    void weightsThatCannotBeCountedAreRefused() {
        Rig rig = new Rig();
        rig.send(1001, "h:0|h|@1e-300", "h:1|h");
        assertThat(rig.lost(Counter.LOST_NOT_FINITE)).isEqualTo(1);
        assertThat(rig.flushed(1002)).contains("COUNT h.count[] 1000 1.0");
    }

    private static Config.Aggregation settings(
            boolean copies, String prefix, List<String> aggregates, boolean prefixes, String... blocked) {
        return new Config.Aggregation(
                aggregates,
                List.of(95),
                copies,
                prefix,
                Config.CountMode.COUNT,
                new Config.NameFilter(List.of(blocked), prefixes),
                20_000,
                1);
    }
}
