package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PauseTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    private final Pause pause = new Pause();

    @Test
    void lastsAsLongAsAskedFor() {
        assertThat(pause.isOn(NOW_MS)).isFalse();
        pause.begin(NOW_MS, 5_000);

        assertThat(pause.isOn(NOW_MS)).isTrue();
        assertThat(pause.isOn(NOW_MS + 4_999)).isTrue();
        assertThat(pause.isOn(NOW_MS + 5_000)).isFalse();
    }

    @Test
    void aClockThatWasSetBackEndsIt() {
        pause.begin(NOW_MS, 5_000);

        assertThat(pause.isOn(NOW_MS - 1)).isFalse();
    }

    @Test
    void aRefusedKeyPausesLongerEachTimeUpToFiveMinutes() {
        long[] windowsMs = new long[7];
        for (int i = 0; i < windowsMs.length; i++) {
            pause.forbidden(NOW_MS);
            while (pause.isOn(NOW_MS + windowsMs[i])) {
                windowsMs[i] += 1_000;
            }
        }

        assertThat(windowsMs).containsExactly(10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000);
    }

    @Test
    void aDeliveryStartsOver() {
        pause.forbidden(NOW_MS);
        pause.forbidden(NOW_MS);
        pause.end();
        assertThat(pause.isOn(NOW_MS)).isFalse();
        pause.forbidden(NOW_MS);

        assertThat(pause.isOn(NOW_MS + 10_000)).isFalse();
    }
}
