package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private static final long START_MS = 1_700_000_000_000L;

    private final Arrivals arrivals = new Arrivals(10_000);
    private long nowMs = START_MS;

    @Test
    void theFirstOneTellsNothing() {
        arrivals.onArrival(nowMs);

        assertThat(arrivals.steady()).isZero();
        assertThat(arrivals.gapMs()).isZero();
    }

    @Test
    void countsThoseThatCameSoonAndTheirMeanGap() {
        arrivals.onArrival(nowMs);
        after(100);
        after(300);
        after(10_000);

        assertThat(arrivals.steady()).isEqualTo(3);
        assertThat(arrivals.gapMs()).isEqualTo(3_466);
    }

    @Test
    void oneThatCameLateBeginsTheCountAgain() {
        arrivals.onArrival(nowMs);
        after(100);
        after(10_001);
        assertThat(arrivals.steady()).isZero();
        assertThat(arrivals.gapMs()).isZero();

        after(50);
        assertThat(arrivals.steady()).isEqualTo(1);
        assertThat(arrivals.gapMs()).isEqualTo(50);
    }

    @Test
    void theMeanIsThatOfTheLast64AndTheCountGoesOn() {
        arrivals.onArrival(nowMs);
        for (int i = 0; i < 100; i++) {
            after(9_000);
        }
        for (int i = 0; i < 64; i++) {
            after(i % 2 == 0 ? 10 : 20);
        }

        assertThat(arrivals.steady()).isEqualTo(164);
        assertThat(arrivals.gapMs()).isEqualTo(15);
    }

    @Test
    void aRowAfterALongOneHasItsOwnMean() {
        arrivals.onArrival(nowMs);
        for (int i = 0; i < 200; i++) {
            after(9_000);
        }
        after(60_000);
        for (int i = 0; i < 70; i++) {
            after(100);
        }

        assertThat(arrivals.steady()).isEqualTo(70);
        assertThat(arrivals.gapMs()).isEqualTo(100);
    }

    @Test
    void aClockThatIsSetBackTellsNothing() {
        arrivals.onArrival(nowMs);
        after(100);
        after(-3_600_000);
        assertThat(arrivals.steady()).isEqualTo(1);

        after(100);
        assertThat(arrivals.steady()).isEqualTo(2);
        assertThat(arrivals.gapMs()).isEqualTo(100);
    }

    @Test
    void aClockThatIsSetForwardIsTakenForAPause() {
        arrivals.onArrival(nowMs);
        after(100);
        after(3_600_000);

        assertThat(arrivals.steady()).isZero();
    }

    @Test
    void aCopyOfTheProcessHasNoHistory() {
        arrivals.onArrival(nowMs);
        after(100);
        arrivals.beginAnew();
        after(100);

        assertThat(arrivals.steady()).isZero();
        assertThat(arrivals.gapMs()).isZero();
    }

    private void after(long ms) {
        nowMs += ms;
        arrivals.onArrival(nowMs);
    }
}
