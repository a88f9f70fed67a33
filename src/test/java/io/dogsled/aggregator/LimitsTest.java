package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Log;
import io.dogsled.metrics.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every bound, and what happens at it. */
class LimitsTest {
    @Test
    void contextsPastTheLimitFoldIntoOneAMetricName() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(2, 100, 10_000, 10, 10));
        rig.send(
                1001, "a:1|c|#u:1", "a:1|c|#u:2", "a:1|c|#u:3", "a:1|c|#u:4", "b:5|g|#u:1", "a:1|c|#u:1", "a:1|c|#u:3");
        assertThat(rig.flushed(1002))
                .containsExactly(
                        "COUNT a[dogsled_overflow:true] 1000 3.0 (3 samples)",
                        "COUNT a[u:1] 1000 2.0 (2 samples)",
                        "COUNT a[u:2] 1000 1.0",
                        "GAUGE b[dogsled_overflow:true] 1000 5.0");
    }

    /** One context, then four overflow names; what comes behind them is in the last one of its type. */
    @Test
    void whenEvenTheNamesAreTooManyTheyFoldIntoOneAType() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(1, 100, 100_000, 10, 10));
        rig.send(1001, "a:1|c", "b:1|c", "c:1|c", "d:1|c", "e:1|c", "f:1:2|c", "g:3|c", "g:7|g", "f:1|d", "f:u|s");
        assertThat(rig.counters.sum(Counter.Kind.LOST)).isZero();
        assertThat(rig.flushed(1002))
                .contains(
                        "COUNT a[] 1000 1.0",
                        "COUNT e[dogsled_overflow:true] 1000 1.0",
                        "COUNT dogsled.overflow[dogsled_overflow:true] 1000 6.0 (3 samples)",
                        "GAUGE dogsled.overflow[dogsled_overflow:true] 1000 7.0",
                        "GAUGE dogsled.overflow[dogsled_overflow:true] 1000 1.0");
        assertThat(rig.counters.value(Counter.FOLDED)).isEqualTo(10);
        rig.flush(1040);
        rig.send(1041, "c:1|c");
        assertThat(rig.flushed(1042)).containsExactly("COUNT c[] 1040 1.0");
    }

    @Test
    void contextsWithLongTagsFoldBeforeTheirNumberIsReached() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 100_000, 10, 10));
        String tag = "x".repeat(30_000);
        for (int i = 0; i < 60; i++) {
            rig.send(1001, "a:1|c|#" + tag + i);
        }
        assertThat(rig.aggregator.contexts()).isBetween(20, 40);
        assertThat(rig.flush(1002).newSamples()).isEqualTo(60);
        assertThat(rig.counters.value(Counter.FOLDED)).isBetween(20L, 40L);
    }

    @Test
    void tooManySpellingsAreForgottenAndNothingIsLost() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 3, 10_000, 10, 10));
        for (int round = 0; round < 3; round++) {
            rig.send(1001, "x:1|c|#a,b", "x:1|c|#b,a", "x:1|c|#a,b,a", "x:1|c|#a,b,b");
        }
        assertThat(rig.enricher.asked()).isGreaterThan(4);
        assertThat(rig.flushed(1002)).containsExactly("COUNT x[a, b] 1000 12.0 (12 samples)");
    }

    /** Three cells have room: two of {@code a} and the first of {@code b}, which each context has in any case. */
    @Test
    void aValueOfOneBucketTooManyIsCountedInTheNearestOne() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 3 * Cell.BYTES, 10, 10));
        rig.send(1001, "a:1|c", "a:1|c|T1003", "b:1|c", "a:1:1|c|T1002", "a:1|c|T1005", "a:1|c|T999", "d:1|c");
        assertThat(rig.counters.value(Counter.MOVED)).isEqualTo(4);
        assertThat(rig.flushed(1006))
                .containsExactly(
                        "COUNT a[] 1000 4.0 (4 samples)",
                        "COUNT a[] 1003 2.0 (2 samples)",
                        "COUNT b[] 1000 1.0",
                        "COUNT d[] 1000 1.0");
    }

    @Test
    void whatIsOverGivesItsRoomBack() {
        Rig rig = new Rig(Rig.DEFAULTS, new Limits(100, 100, 100_000, 5, 64));
        for (int i = 0; i < 200; i++) {
            rig.send(1001, "c:1|c|#t:" + i % 3, "s:" + i + "|s", "h:" + i + "|h|@0.5", "d:" + i + "|d");
        }
        assertThat(rig.aggregator.cellBytes()).isPositive();
        rig.flush(1002);
        rig.flush(1040);
        assertThat(rig.aggregator.cells()).isZero();
        assertThat(rig.aggregator.cellBytes()).isZero();
    }

    @Test
    void eventsAreBoundedInNumberAndText() {
        Rig rig = new Rig();
        rig.aggregator.beginDatagram(1_000_000);
        for (int i = 0; i < Pending.LIMIT + 5; i++) {
            rig.aggregator.accept(new Event("t", "", 1, "normal", "", List.of(), "info", "", ""));
        }
        rig.aggregator.endDatagram();
        assertThat(rig.lost(Counter.LOST_NO_ROOM)).isEqualTo(5);
        assertThat(rig.flush(1001).events()).hasSize(Pending.LIMIT);
        rig.aggregator.beginDatagram(1_000_000);
        String text = "x".repeat(Pending.TEXT_LIMIT - 1);
        rig.aggregator.accept(new Event("t", text, 1, "normal", "", List.of(), "info", "", ""));
        rig.aggregator.accept(new Event("t", "", 1, "normal", "", List.of(), "info", "", ""));
        rig.aggregator.endDatagram();
        assertThat(rig.lost(Counter.LOST_NO_ROOM)).isEqualTo(6);
    }

    /** Ten thousand request ids, each seen once: contexts, cells and spellings go again. */
    @Test
    void whatIsNotSeenAgainGoesAgain() {
        Rig rig = new Rig();
        for (int i = 0; i < 10_000; i++) {
            rig.send(1001, "x:1|c|#id:" + i);
        }
        assertThat(rig.flush(1002).newSamples()).isEqualTo(10_000);
        assertThat(rig.aggregator.cells()).isEqualTo(10_000);
        rig.flush(1035);
        assertThat(rig.aggregator.cells()).isZero();
        assertThat(rig.aggregator.contexts()).isZero();
        rig.flush(1050);
        assertThat(rig.aggregator.spellings()).isZero();
    }

    @Test
    void whatIsSeenAgainStays() {
        Rig rig = new Rig();
        for (int atS = 1001; atS < 1_300; atS += 7) {
            rig.send(atS, "x:1|c|#a", "x:1|c|#b", "x:1|d|#a");
            rig.flush(atS);
        }
        assertThat(rig.enricher.asked()).isEqualTo(3);
        assertThat(rig.aggregator.cells()).isLessThanOrEqualTo(3 * 5);
    }

    @Test
    void aLineComesOnceAMinuteForEachReason() {
        LimitLog log = new LimitLog(new Log(Log.Level.OFF), Limits.DEFAULT);
        assertThat(log.isDue(LimitLog.CONTEXTS, 1_000)).isTrue();
        assertThat(log.isDue(LimitLog.CONTEXTS, 60_999)).isFalse();
        assertThat(log.isDue(LimitLog.NAMES, 60_999)).isTrue();
        assertThat(log.isDue(LimitLog.CONTEXTS, 61_000)).isTrue();
        assertThat(log.isDue(LimitLog.CONTEXTS, 61_001)).isFalse();
        // a clock that was set back does not silence it
        assertThat(log.isDue(LimitLog.CONTEXTS, 1_000)).isTrue();
    }
}
