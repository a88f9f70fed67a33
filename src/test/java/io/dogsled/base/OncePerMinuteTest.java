package io.dogsled.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OncePerMinuteTest {
    private static final long NOW_MS = 1_700_000_000_000L;
    private final OncePerMinute minute = new OncePerMinute();

    @Test
    void theFirstTimeIsDueAndThenOnlyAfterAMinute() {
        assertThat(minute.isDue(NOW_MS)).isTrue();
        assertThat(minute.isDue(NOW_MS)).isFalse();
        assertThat(minute.isDue(NOW_MS + 59_999)).isFalse();
        assertThat(minute.isDue(NOW_MS + 60_000)).isTrue();
        assertThat(minute.isDue(NOW_MS + 61_000)).isFalse();
    }

    @Test
    void aClockThatWasSetBackSilencesNobody() {
        assertThat(minute.isDue(NOW_MS)).isTrue();
        assertThat(minute.isDue(NOW_MS - 3_600_000)).isTrue();
        assertThat(minute.isDue(NOW_MS - 3_600_000 + 1)).isFalse();
    }
}
