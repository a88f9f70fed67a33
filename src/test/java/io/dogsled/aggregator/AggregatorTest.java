package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.ServiceCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

class AggregatorTest {
    private final Rig rig = new Rig();

    @Test
    void eachTypeAddsUpInItsOwnWay() {
        rig.send(1003, "c:1:2|c|@0.5", "g:1:2|g", "s:a:b|s", "s:a:b|s", "s:c|s", "d:1:1|d", "h:1:2|h");
        assertThat(rig.flushed(1004))
                .containsExactly(
                        "COUNT c[] 1000 6.0 (2 samples)",
                        "COUNT h.count[] 1000 2.0 (2 samples)",
                        "GAUGE g[] 1000 2.0 (2 samples)",
                        "GAUGE h.95percentile[] 1000 2.0 (2 samples)",
                        "GAUGE h.avg[] 1000 1.5 (2 samples)",
                        "GAUGE h.max[] 1000 2.0 (2 samples)",
                        "GAUGE h.median[] 1000 1.0 (2 samples)",
                        "GAUGE s[] 1000 2.0 (3 samples)",
                        "SKETCH d[] 1000 cnt=2 sum=2.0 1338:2 (2 samples)");
    }

    @Test
    void anOpenBucketIsSentAgainAsAWholeAndOnlyAfterAChange() {
        rig.send(1001, "c:1|c", "d:1|d", "s:a|s");
        assertThat(rig.flush(1002).newSamples()).isEqualTo(3);
        assertThat(rig.flush(1003).isEmpty()).isTrue();
        rig.send(1004, "c:2|c", "d:1|d", "s:a|s");
        assertThat(rig.flushed(1005))
                .containsExactly(
                        "COUNT c[] 1000 3.0 (2 samples)",
                        "GAUGE s[] 1000 1.0 (2 samples)",
                        "SKETCH d[] 1000 cnt=1 sum=1.0 1338:1");
        assertThat(rig.flush(1011).isEmpty()).isTrue();
    }

    @Test
    void anEngineDoesNotReplaceWhatOneBeforeItSentOfTheOpenBucket() {
        rig.aggregator.beginAt(1_004_500);
        rig.send(1005, "c:1|c", "h:1|d|T1003");
        rig.send(1011, "c:1|c");
        assertThat(rig.flushed(1012))
                .containsExactly("COUNT c[] 1004 1.0", "COUNT c[] 1010 1.0", "SKETCH h[] 1004 cnt=1 sum=1.0 1338:1");

        Rig atTheBucketsFirstSecond = new Rig();
        atTheBucketsFirstSecond.aggregator.beginAt(1_000_000);
        atTheBucketsFirstSecond.send(1000, "c:1|c");
        assertThat(atTheBucketsFirstSecond.flushed(1002)).containsExactly("COUNT c[] 1001 1.0");
    }

    @Test
    void newSamplesAreThoseOfThisFlushAlone() {
        rig.send(1001, "c:1:1:1|c");
        assertThat(rig.flush(1002).newSamples()).isEqualTo(3);
        rig.send(1003, "c:1|c");
        MetricBatch second = rig.flush(1004);
        assertThat(second.newSamples()).isEqualTo(1);
        assertThat(second.series().getFirst().samples()).isEqualTo(4);
    }

    @Test
    void thePointsOfOneCellShareAReceiptAndSketchesDoNot() {
        rig.send(1001, "c:1|c", "d:1|d");
        MetricBatch first = rig.flush(1002);
        rig.send(1003, "c:1|c", "d:1|d");
        MetricBatch second = rig.flush(1004);
        assertThat(second.series().getFirst().receipt())
                .isSameAs(first.series().getFirst().receipt());
        assertThat(second.sketches().getFirst().receipt())
                .isNotSameAs(first.sketches().getFirst().receipt());
    }

    @Test
    void aCounterAndAGaugeOfOneNameLiveSideBySide() {
        rig.send(1001, "x:5|g", "x:7|c");
        assertThat(rig.flushed(1002)).containsExactly("COUNT x[] 1000 7.0", "GAUGE x[] 1000 5.0");
    }

    @Test
    void timingsAndHistogramsOfOneNameAreOneHistogram() {
        rig.send(1001, "x:1|h", "x:3|ms");
        assertThat(rig.flushed(1002))
                .contains("COUNT x.count[] 1000 2.0 (2 samples)", "GAUGE x.max[] 1000 3.0 (2 samples)");
    }

    @Test
    void tagsInAnyOrderAreOneContextAndALineSeenBeforeIsNotEnrichedAgain() {
        rig.send(1001, "x:1|c|#a,b", "x:2|c|#b,a", "x:3|c|#a,b,a", "x:4|c|#a,b", "x:5|c|#b,a");
        assertThat(rig.enricher.asked()).isEqualTo(3);
        assertThat(rig.aggregator.contexts()).isEqualTo(1);
        assertThat(rig.flushed(1002)).containsExactly("COUNT x[a, b] 1000 15.0 (5 samples)");
    }

    @Test
    void aSecondThatAClientNamedIsRememberedForAnHourAndNoLonger() {
        rig.send(10_000, "c:1|c|T9000");
        rig.flush(10_001);
        rig.send(12_000, "c:2|c|T9000");
        assertThat(rig.flushed(12_001)).containsExactly("COUNT c[] 9000 3.0 (2 samples)");
        rig.flush(12_650);
        assertThat(rig.aggregator.cells()).isZero();
        assertThat(rig.aggregator.contexts()).isZero();
    }

    @Test
    void secondsThatAreOnlyRememberedTakeHalfOfTheRoomAtMost() {
        Limits limits = new Limits(1_000, 1_000, 100_000, 100, 100);
        Rig small = new Rig(Rig.DEFAULTS, limits);
        for (long atS = 10_000; atS < 13_000; atS += 10) {
            for (int late = 0; late < 5; late++) {
                small.send(atS, "g:1|g|T" + (atS - late));
            }
            small.flush(atS + 1);
        }
        assertThat(small.aggregator.cellBytes()).isBetween(30_000L, limits.cellBytes() / 2 + 5 * 5 * Cell.BYTES);
    }

    @Test
    void contextsThatAreOnlyRememberedDoNotMakeNewOnesFold() {
        Rig small = new Rig(Rig.DEFAULTS, new Limits(1_000, 1_000, 10_000_000, 100, 100));
        for (long atS = 10_000; atS < 13_000; atS += 10) {
            small.send(atS, "g:1|g|T" + atS + "|#request:" + atS, "c:1|c|T" + atS + "|#request:" + atS);
            small.flush(atS + 1);
        }
        assertThat(small.counters.value(Counter.FOLDED)).isZero();
        assertThat(small.aggregator.contexts()).isBetween(200, 520);
    }

    @Test
    void aLateSampleStillAddsToItsBucketAndATimestampedCountToItsSecond() {
        rig.send(1012, "c:1|c|T1003", "h:1|h|T1003", "d:1|d|T1009", "g:1|g|T1003");
        assertThat(rig.flushed(1013))
                .contains("COUNT c[] 1003 1.0", "GAUGE g[] 1003 1.0", "SKETCH d[] 1000 cnt=1 sum=1.0 1338:1")
                .contains("COUNT h.count[] 1000 1.0");
        rig.send(1014, "c:1|c|T1003|@0.5", "g:7|g|T1003", "h:2|h|T1008");
        assertThat(rig.flushed(1015))
                .contains("COUNT c[] 1003 3.0 (2 samples)", "GAUGE g[] 1003 7.0 (2 samples)")
                .contains("COUNT h.count[] 1000 2.0 (2 samples)");
    }

    @Test
    void aSecondThatIsTheStartOfABucketIsThatBucket() {
        rig.send(1001, "c:1|c", "c:2|c|T1000");
        assertThat(rig.flushed(1002)).containsExactly("COUNT c[] 1000 3.0 (2 samples)");
    }

    @Test
    void aTimestampTheIntakeWillNotTakeIsSentAndNoted() {
        rig.send(100_000, "a:1|c|T96399", "b:1|c|T103601", "c:1:2|c|T96400", "d:1|c|T103600");
        assertThat(rig.counters.value(Counter.TIMESTAMP_OUT_OF_RANGE)).isEqualTo(2);
        assertThat(rig.flush(100_001).series()).hasSize(4);
    }

    @Test
    void whatIsNotFiniteIsLostByNameAndChangesNothing() {
        rig.send(1001, "c:1:Infinity:2|c", "c:1e308:1e308|c", "g:NaN|g", "h:1:NaN|h", "d:-Infinity:1|d");
        assertThat(rig.lost(Counter.LOST_NOT_FINITE)).isEqualTo(5);
        assertThat(rig.flushed(1002))
                .contains("COUNT c[] 1000 1.0E308 (3 samples)", "SKETCH d[] 1000 cnt=1 sum=1.0 1338:1")
                .noneMatch(line -> line.contains(" g["));
    }

    @Test
    void aBlockedNameIsCountedAndRemembered() {
        rig.send(1001, "blocked.x:1:2|c", "blocked.x:1|c");
        assertThat(rig.lost(Counter.LOST_BLOCKED)).isEqualTo(3);
        assertThat(rig.enricher.asked()).isEqualTo(1);
        assertThat(rig.flush(1002).isEmpty()).isTrue();
    }

    @Test
    void bucketsEndAndContextsAreForgottenOnceIdle() {
        rig.send(1001, "c:1|c");
        rig.flush(1011);
        assertThat(rig.aggregator.cells()).isEqualTo(1);
        rig.flush(1030);
        assertThat(rig.aggregator.cells()).isZero();
        assertThat(rig.aggregator.contexts()).isZero();
        rig.send(1031, "c:2|c");
        assertThat(rig.enricher.asked()).isEqualTo(2);
        assertThat(rig.flushed(1032)).containsExactly("COUNT c[] 1030 2.0");
    }

    @Test
    void theClockMayStepBackWithoutReplacingWhatWasSent() {
        rig.send(1009, "c:1|c");
        rig.flush(1012);
        rig.send(1008, "c:1|c");
        assertThat(rig.flushed(1009)).containsExactly("COUNT c[] 1000 2.0 (2 samples)");
    }

    @Test
    void eventsAndChecksWithoutATimeGetTheSecondOfTheirArrival() {
        rig.aggregator.beginDatagram(1_234_567);
        rig.aggregator.accept(new Event("t", "x", 0, "normal", "", List.of(), "info", "", ""));
        rig.aggregator.accept(new Event("t", "x", 99, "normal", "", List.of(), "info", "", ""));
        rig.aggregator.accept(new ServiceCheck("c", 0, 0, "", "", List.of()));
        rig.aggregator.endDatagram();
        assertThat(rig.aggregator.heldSamples()).isEqualTo(3);
        MetricBatch batch = rig.flush(1_235);
        assertThat(batch.newSamples()).isEqualTo(3);
        assertThat(batch.events().get(0).timestampS()).isEqualTo(1_234);
        assertThat(batch.events().get(1).timestampS()).isEqualTo(99);
        assertThat(batch.checks().getFirst().timestampS()).isEqualTo(1_234);
        assertThat(rig.flush(1_236).isEmpty()).isTrue();
    }
}
