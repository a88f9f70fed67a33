package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ring of five seconds (flush-and-testserver.md ST11). */
class SecondCountsTest {
    private static final long START_S = 1_700_000_000;
    private final SecondCounts seconds = new SecondCounts();

    @Test
    void aSecondWithMoreThanTheOtherFourTogetherIsASpike() {
        for (int second = 0; second < 4; second++) {
            in(second, 10);
        }
        assertThat(in(4, 41)).isFalse();
        assertThat(in(5, 1)).as("41 > 10 + 10 + 10 + 10").isTrue();
        assertThat(seconds.spike()).isEqualTo(41);
        assertThat(seconds.counts()).containsExactly(10, 10, 10, 41, 1);
    }

    @Test
    void asMuchAsTheOtherFourTogetherIsNone() {
        for (int second = 0; second < 4; second++) {
            in(second, 10);
        }
        in(4, 40);
        assertThat(in(5, 0)).isFalse();
    }

    @Test
    void aPauseEmptiesTheRing() {
        in(0, 10);
        assertThat(in(3, 7)).as("the first second had no others").isTrue();
        assertThat(seconds.counts()).containsExactly(0, 10, 0, 0, 7);
        in(100, 1);
        assertThat(seconds.counts()).containsExactly(0, 0, 0, 0, 1);
    }

    @Test
    void aClockThatWasSetBackStaysInItsSecond() {
        in(50, 3);
        assertThat(in(20, 4)).isFalse();
        assertThat(seconds.counts()).containsExactly(0, 0, 0, 0, 7);
        in(51, 1);
        assertThat(seconds.counts()).containsExactly(0, 0, 0, 7, 1);
    }

    private boolean in(int second, int samples) {
        boolean spiked = seconds.advance(START_S + second);
        seconds.add(samples);
        return spiked;
    }
}
