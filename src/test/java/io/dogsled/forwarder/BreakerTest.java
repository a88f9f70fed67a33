package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.forwarder.Breaker.Change;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What opens a breaker, what closes it, and how long its windows are. */
class BreakerTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    private final Breaker breaker = new Breaker(new Random(7));

    /**
     * Words are played one after the other, at one moment but where time passes. L: a flush was late; F: a round failed; K: a
     * failed round that had been called late; S: a flush settled in time; R: a round settled, nobody waited; 2: an answer; W:
     * somebody may wait, so he does; +: ten seconds pass, longer than any window.
     */
    @ParameterizedTest
    @CsvSource({
        "'',          send, wait",
        "L,           send, wait",
        "F,           send, wait",
        "L S L,       send, wait",
        "F S F,       send, wait",
        "F R F,       send, wait",
        "L K,         send, wait", // one bad flush
        "L L,         send, open", // late alone does not throttle sending
        "L F,         none, open",
        "F F,         none, open",
        "F L,         send, open",
        "L R L,       send, open", // that it came in the background does not make it come in time
        "L K L,       send, open",
        "L K F,       none, open",
        "F F +,       probe, open",
        "F F + F,     none, open",
        "F F + F +,   probe, open",
        "F F + 2,     send, wait", // one good probe
        "F F + 2 R,   send, wait",
        "F F + 2 W S, send, wait",
        "F F + 2 W S F, send, wait", // all is forgotten
        "F F + 2 W F, none, open", // the trial alone is enough
        "F F + 2 W L, send, open",
        "F F + 2 F,   none, open",
        "F F + 2 W L 2, send, open", // not two trials within a window
        "F F + 2 W L 2 +, send, wait",
        "L L +,       send, open", // no word from it
        "L L 2,       send, open",
        "L L 2 +,     send, wait",
        "L L 2 + W S L, send, wait",
        "L L K,       none, open",
        "L L K +,     probe, open",
    })
    void isOpenedByTheSecondBadFlushInARowAndClosedByOneThatSettlesInTime(
            String words, String sending, String waiting) {
        long nowMs = play(words);

        assertThat(sending(nowMs)).as("sending").isEqualTo(sending);
        assertThat(breaker.isOpen(nowMs) ? "open" : "wait").isEqualTo(waiting);
    }

    @Test
    void saysOnceThatItOpenedAndOnceThatTheEndpointIsWell() {
        assertThat(breaker.roundFailed(NOW_MS, false)).isEqualTo(Change.NONE);
        assertThat(breaker.roundFailed(NOW_MS, false)).isEqualTo(Change.OPENED);
        assertThat(breaker.roundFailed(NOW_MS + 10_000, false)).isEqualTo(Change.NONE);
        assertThat(breaker.answered()).isEqualTo(Change.RECOVERED);
        assertThat(breaker.answered()).isEqualTo(Change.NONE);
        assertThat(breaker.flushSettled()).isEqualTo(Change.NONE);
    }

    @Test
    void anEndpointThatWasLateIsWellWhenItIsInTime() {
        breaker.flushLate(NOW_MS);
        assertThat(breaker.flushLate(NOW_MS)).isEqualTo(Change.OPENED);
        assertThat(breaker.answered()).isEqualTo(Change.NONE);
        assertThat(breaker.beginFlush(NOW_MS + 10_000)).isTrue();
        assertThat(breaker.flushSettled()).isEqualTo(Change.RECOVERED);
    }

    @ParameterizedTest
    @CsvSource({"0, 1000", "1, 2000", "2, 4000", "3, 8000", "4, 10000", "9, 10000"})
    void windowsDoubleAndAreDrawnEvenlyFromTheUpperHalf(int failedProbes, int wholeMs) {
        int halfMs = wholeMs / 2;
        BitSet seen = new BitSet();
        double sum = 0;
        int seeds = 4_000;
        Random seed = new Random(failedProbes); // neighbouring seeds begin alike
        for (int i = 0; i < seeds; i++) {
            int windowMs = (int) windowMs(new Breaker(new Random(seed.nextLong())), failedProbes);
            assertThat(windowMs).isBetween(halfMs, wholeMs);
            seen.set(windowMs);
            sum += windowMs;
        }
        assertThat(sum / seeds).as("mean").isBetween(wholeMs * 0.74, wholeMs * 0.76);
        assertThat(seen.cardinality())
                .as("different windows, to the millisecond")
                .isGreaterThan((int) (Math.min(seeds, halfMs) * 0.5));
        assertThat(seen.nextSetBit(0)).isLessThan(halfMs + halfMs / 50);
        assertThat(seen.length()).isGreaterThan(wholeMs - halfMs / 50);
    }

    @Test
    void aRefusedKeyOpensItAtOnceAndLongerEachTimeUpToFiveMinutes() {
        long nowMs = NOW_MS;
        for (long wholeMs : new long[] {10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000}) {
            breaker.forbidden(nowMs);
            assertThat(breaker.isOpen(nowMs)).isTrue();
            assertThat(sending(nowMs + wholeMs / 2 - 1)).isEqualTo("none");
            assertThat(sending(nowMs + wholeMs)).isEqualTo("probe");
            nowMs += wholeMs;
        }
        breaker.answered();
        breaker.forbidden(nowMs);
        assertThat(sending(nowMs + 10_000)).isEqualTo("probe");
    }

    @Test
    void leavesAnEndpointAloneForAsLongAsItAskedAndATenthMoreAtMost() {
        for (int seed = 0; seed < 1_000; seed++) {
            Breaker one = new Breaker(new Random(seed));
            one.pause(NOW_MS, 60_000);
            assertThat(one.maySend(NOW_MS + 59_999)).isFalse();
            assertThat(one.isOpen(NOW_MS + 59_999)).isTrue();
            assertThat(one.maySend(NOW_MS + 66_000)).isTrue();
            assertThat(one.isOpen(NOW_MS + 66_000)).isFalse();
        }
    }

    @Test
    void doesNotStayAwayForMoreThanFiveMinutesAndATenth() {
        breaker.pause(NOW_MS, 3_600_000);

        assertThat(breaker.maySend(NOW_MS + 299_999)).isFalse();
        assertThat(breaker.maySend(NOW_MS + 330_000)).isTrue();
    }

    @Test
    void aClockThatWasSetBackEndsAWindow() {
        play("F F");
        assertThat(sending(NOW_MS - 1)).isEqualTo("probe");
        breaker.pause(NOW_MS, 60_000);
        assertThat(breaker.maySend(NOW_MS - 1)).isTrue();
    }

    @Test
    void aCopyOfTheSandboxBeginsAnew() {
        breaker.forbidden(NOW_MS);
        breaker.pause(NOW_MS, 60_000);
        breaker.reset(3);

        assertThat(sending(NOW_MS)).isEqualTo("send");
        assertThat(breaker.isOpen(NOW_MS)).isFalse();
    }

    @Test
    void copiesOfOneSandboxDrawWindowsOfTheirOwn() {
        Breaker one = new Breaker(new Random(1));
        Breaker copy = new Breaker(new Random(1));
        one.reset(5_000_000_000L);
        copy.reset(6_000_000_000L);

        assertThat(windowMs(one, 4)).isNotEqualTo(windowMs(copy, 4));
    }

    private long play(String words) {
        long nowMs = NOW_MS;
        for (String word : words.isEmpty() ? new String[0] : words.split(" ")) {
            switch (word) {
                case "L" -> breaker.flushLate(nowMs);
                case "F" -> breaker.roundFailed(nowMs, false);
                case "K" -> breaker.roundFailed(nowMs, true);
                case "S" -> breaker.flushSettled();
                case "R" -> breaker.roundSettled();
                case "2" -> breaker.answered();
                case "W" -> assertThat(breaker.beginFlush(nowMs)).isTrue();
                case "+" -> nowMs += Breaker.MAX_WINDOW_MS;
                default -> throw new IllegalArgumentException(word);
            }
        }
        return nowMs;
    }

    private String sending(long nowMs) {
        if (!breaker.maySend(nowMs)) {
            return "none";
        }
        return breaker.mustProbe() ? "probe" : "send";
    }

    /** The first millisecond after the window of the last of so many failed probes. */
    private static long windowMs(Breaker breaker, int failedProbes) {
        for (int i = 0; i < 2 + failedProbes; i++) {
            breaker.roundFailed(NOW_MS, false);
        }
        long ms = 0;
        while (!breaker.maySend(NOW_MS + ms)) {
            ms++;
        }
        return ms;
    }
}
