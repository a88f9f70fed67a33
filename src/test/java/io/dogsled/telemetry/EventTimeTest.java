package io.dogsled.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {
    @Test
    void aTimeIsReadAsTheJdkReadsIt() {
        long seed = Long.getLong("dogsled.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            long ms = random.nextLong(253_402_300_799_999L); // to the end of the year 9999
            Instant instant = Instant.ofEpochMilli(ms);
            assertThat(EventTime.epochMs(instant.toString()))
                    .as(instant + ", replay with -Ddogsled.seed=" + seed)
                    .isEqualTo(ms);
        }
    }

    @Test
    void digitsBelowAMillisecondAreCut() {
        assertThat(EventTime.epochMs("2023-11-14T22:13:20.123999Z")).isEqualTo(1_700_000_000_123L);
        assertThat(EventTime.epochMs("2023-11-14T22:13:20.1Z")).isEqualTo(1_700_000_000_100L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2023-11-14",
                "2023-11-14T22:13:20",
                "2023-11-14T22:13:20.123",
                "2023-11-14T22:13:20+01:00",
                "2023-11-14T22:13:20.1ZZ",
                "2023-11-14 22:13:20Z",
                "2023-13-14T22:13:20Z",
                "2023-11-00T22:13:20Z",
                "２０２３-11-14T22:13:20Z"
            })
    void whatIsNoSuchTimeIsUnknown(String text) {
        assertThat(EventTime.epochMs(text)).isEqualTo(EventTime.UNKNOWN);
    }
}
