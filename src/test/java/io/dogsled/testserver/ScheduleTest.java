package io.dogsled.testserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a scenario file says, and what it does to a request at a moment; no socket and no waiting. */
final class ScheduleTest {
    private static final String SERIES = "/api/v2/series";
    private static final Plan PLAIN = Plan.plain(Duration.ofMillis(3));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "500 from second 10 to 20        | 500 from 10s to 20s",
                "500 from 10 seconds to 20s      | 500 from 10s to 20s",
                "latency:1s from 30s to 1m       | latency:1s from 30s to 1m",
                "latency:20ms..200ms for 10      | latency:20ms..200ms from 0ms to 10s",
                "latency:p50=20ms,p99=2s         | latency:p50=20ms,p99=2s from 0ms on",
                "blackhole from 60s on           | blackhole from 1m on",
                "blackhole from 60s              | blackhole from 1m on",
                "/api/v2/series=503x2 until 2.5  | /api/v2/series=503x2 from 0ms to 2500ms",
                "refuse from 70s for 5s  # gone  | refuse from 70s to 75s",
                "429:5s From 1 To 2              | 429+retry-after:5 from 1s to 2s"
            })
    void aLineIsASpan(String line, String expected) {
        assertThat(Schedule.parse(line + "\n").toString().strip()).isEqualTo(expected);
    }

    @Test
    void aFileIsReadInOrderWithCommentsEmptyLinesAndAClock() {
        Schedule schedule = Schedule.parse("# an outage\r\n\r\nclock first-request\r\n500 to 1\r\nreset from 1 on\r\n");
        assertThat(schedule.waitsForRequest()).isTrue();
        assertThat(schedule.spans()).hasSize(2);
        assertThat(schedule).hasToString("clock first-request\n500 from 0ms to 1s\nreset from 1s on\n");
    }

    @Test
    void jsonSaysTheSame() {
        Schedule schedule = Schedule.parse("""
                {"clock":"first-request", "spans":[
                  {"from":10, "to":20, "fault":"500"},
                  {"from":"30s", "to":"1m", "route":"/api/v2/series", "latencyMs":20, "latencyMaxMs":200},
                  {"from":"70s", "to":"75s", "fault":"refuse"},
                  {"from":"90s", "cut":"black_hole"}]}
                """);
        assertThat(schedule).hasToString("""
                clock first-request
                500 from 10s to 20s
                /api/v2/series=latency:20ms..200ms from 30s to 1m
                refuse from 70s to 75s
                blackhole from 90s on
                """);
        assertThat(Schedule.parse("[{\"fault\":\"503\"}]")).hasToString("503 from 0ms on\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "503\\n500 from 20s to 10s   | line 2, \"500 from 20s to 10s\": the end (10s) must be later than the beginning (20s).",
                "boom from 1s                | line 1, \"boom from 1s\": \"boom\" is not a fault; known are",
                "503 at 10                   | expected when, as in \"from 10s to 20s\", \"from 10s for 5s\", \"to 20s\", \"from 1m on\", found \"at\".",
                "503 from soon               | \"soon\" is not a time; write 10 or 10s (seconds), 200ms or 1m.",
                "503 from                    | found \"from\"",
                "503 from 1 from 2           | \"from\" stands twice.",
                "503 to 1 for 2              | \"to\" and \"for\" both say when it ends, expected one of them.",
                "clock noon                  | after \"clock\", expected start or first-request, found \"noon\".",
                "latency:200ms..20ms from 1s | write latency:200ms, latency:20ms..200ms (the smaller first)",
                "refuse:5s                   | \"refuse:5s\" is not a fault",
                "[{\"from\":1}]              | span 1, {\"from\":1}: expected \"fault\" or the fields of a scenario.",
                "[{\"from\":-1,\"fault\":\"503\"}] | span 1, {\"from\":-1,\"fault\":\"503\"}: \"-1\" is not a time",
                "[{\"from\":1,\"stat\":503}] | \"stat\" is not a field of a scenario",
                "{\"steps\":[]}              | \"spans\" is missing, expected a list of spans.",
                "{\"spans\":[],\"when\":1}   | \"when\" is not known, expected \"clock\" and \"spans\".",
                "{\"spans\":[                | A scenario file is lines or JSON: the body is not JSON"
            })
    void aMistakeIsOneSentenceThatSaysWhereAndWhatWasExpected(String text, String expected) {
        assertThatThrownBy(() -> Schedule.parse(text.replace("\\n", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected)
                .hasMessageEndingWith(".");
    }

    @Test
    void aSpanHoldsFromItsBeginningUntilJustBeforeItsEnd() {
        Playing playing = new Playing(Schedule.parse("500 from 10 to 20"), 1_000);
        assertThat(at(playing, 9_999).status()).isZero();
        assertThat(at(playing, 10_000).status()).isEqualTo(500);
        assertThat(at(playing, 19_999).status()).isEqualTo(500);
        assertThat(at(playing, 20_000)).isEqualTo(PLAIN);
    }

    @Test
    void overlappingSpansEachSetWhatTheyNameTheLaterOverTheEarlier() {
        Playing playing =
                new Playing(Schedule.parse("503\nlatency:7ms from 10\n" + SERIES + "=429 from 20 to 30"), 1_000);
        assertThat(at(playing, 5_000).step()).isEqualTo("503");
        Plan two = at(playing, 15_000);
        assertThat(two.status()).isEqualTo(503);
        assertThat(two.latency()).isEqualTo(Duration.ofMillis(7));
        assertThat(two.step()).isEqualTo("503 + latency:7ms");
        assertThat(at(playing, 25_000).status()).isEqualTo(429);
        assertThat(playing.over(PLAIN, "/api/beta/sketches", 1_000 + 25_000_000_000L)
                        .status())
                .isEqualTo(503);
    }

    @Test
    void aLimitedScenarioHoldsForTheFirstRequestsOfItsSpan() {
        Playing playing = new Playing(Schedule.parse("503x2 from 10"), 1_000);
        assertThat(at(playing, 5_000).status()).isZero();
        assertThat(at(playing, 10_000).status()).isEqualTo(503);
        assertThat(at(playing, 11_000).status()).isEqualTo(503);
        assertThat(at(playing, 12_000).status()).isZero();
    }

    @Test
    void theFirstRequestStartsTheClockIfItShall() {
        Playing playing = new Playing(Schedule.parse("clock first-request\n500 to 10"), 1_000);
        assertThat(playing.zeroNs()).isEmpty();
        assertThat(at(playing, 3_600_000).status()).isEqualTo(500);
        assertThat(at(playing, 3_609_999).status()).isEqualTo(500);
        assertThat(at(playing, 3_610_000).status()).isZero();
    }

    @Test
    void refusalsBeginAndEndWhenTheSpansDo() {
        Schedule schedule = Schedule.parse("refuse from 1 to 3\nrefuse from 2 to 4\n503 from 5\nrefuse from 6");
        assertThat(schedule.refuses(seconds(0))).isFalse();
        assertThat(schedule.refuses(seconds(1))).isTrue();
        assertThat(schedule.refuses(seconds(3))).isTrue();
        assertThat(schedule.refuses(seconds(4))).isFalse();
        assertThat(schedule.refuses(seconds(1000))).isTrue();
        assertThat(schedule.nextRefusalChangeNs(seconds(0))).isEqualTo(seconds(1));
        assertThat(schedule.nextRefusalChangeNs(seconds(4))).isEqualTo(seconds(6));
        assertThat(schedule.nextRefusalChangeNs(seconds(6))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void latencyIsDrawnFromItsDistribution() {
        Latency uniform = Latency.between(Duration.ofMillis(20), Duration.ofMillis(200));
        Latency tailed = Latency.longTail(Duration.ofMillis(20), Duration.ofSeconds(2));
        int belowMedian = 0;
        int belowP99 = 0;
        for (int i = 0; i < 20_000; i++) {
            assertThat(uniform.next()).isBetween(Duration.ofMillis(20), Duration.ofMillis(200));
            Duration wait = tailed.next();
            assertThat(wait).isLessThanOrEqualTo(Duration.ofSeconds(20));
            belowMedian += wait.toMillis() < 20 ? 1 : 0;
            belowP99 += wait.toMillis() < 2000 ? 1 : 0;
        }
        assertThat(belowMedian).isBetween(9_500, 10_500); // 7 standard deviations
        assertThat(belowP99).isBetween(19_700, 19_900);
    }

    private static Plan at(Playing playing, long ms) {
        return playing.over(PLAIN, SERIES, 1_000 + ms * 1_000_000);
    }

    private static long seconds(long seconds) {
        return seconds * 1_000_000_000;
    }
}
