package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts of the time an answer takes, seeing that a freeze makes it look longer. */
class AnswerTimeTest {
    private static final long MS = 1_000_000L;

    private final AnswerTime time = new AnswerTime();

    @Test
    void isUnknownUntilSomebodySawAnExchangeToItsEnd() {
        time.took(5 * MS);
        assertThat(time.ms()).isEqualTo(-1);
        time.settled();
        assertThat(time.ms()).isEqualTo(5);
    }

    @Test
    void theLongestExchangeOfAFlushCountsAQuarter() {
        see(8);
        time.begin();
        time.took(20 * MS);
        time.took(48 * MS);
        time.settled();

        assertThat(time.ms()).isEqualTo(18);
    }

    @Test
    void aLongExchangeThatNobodyWaitedForMayHaveBeenAFreeze() {
        see(8);
        time.begin();
        time.took(60_000 * MS);

        assertThat(time.ms()).isEqualTo(8);
    }

    @Test
    void shortExchangesInTheBackgroundForgetASlowMoment() {
        see(3);
        time.atLeast(250 * MS);
        assertThat(time.ms()).isEqualTo(250);
        for (int i = 0; i < 10; i++) {
            time.took(3 * MS);
        }

        assertThat(time.ms()).isLessThan(25);
    }

    private void see(long ms) {
        time.begin();
        time.took(ms * MS);
        time.settled();
    }
}
