package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.config.Config;
import io.dogsled.config.Config.Strategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushPolicyTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    /** Strategy and interval; moment and milliseconds since the last flush; end signal; the decision. */
    @ParameterizedTest(name = "{0}, {1}: {2}, flush {3}")
    @CsvSource({
        "ADAPTIVE 0,         INVOKE 60000,       end signal, no",
        "ADAPTIVE 0,         INVOKE 1,           no signal,  yes",
        "ADAPTIVE 0,         RUNTIME_DONE 1,     end signal, yes",
        "ADAPTIVE 0,         TICK 9999,          end signal, no",
        "ADAPTIVE 0,         TICK 10000,         end signal, yes",
        "ADAPTIVE 0,         SHUTDOWN 1,         no signal,  yes",
        "END 0,              INVOKE 60000,       end signal, no",
        "END 0,              INVOKE 60000,       no signal,  yes",
        "END 0,              RUNTIME_DONE 1,     end signal, yes",
        "END 5000,           RUNTIME_DONE 4999,  end signal, no",
        "END 5000,           RUNTIME_DONE 5000,  end signal, yes",
        "END 5000,           INVOKE 9000,        end signal, no",
        "END 5000,           SHUTDOWN 1,         end signal, yes",
        "END 5000,           CONTROL 1,          end signal, yes",
        "PERIODICALLY 0,     INVOKE 9999,        end signal, no",
        "PERIODICALLY 0,     INVOKE 10000,       end signal, yes",
        "PERIODICALLY 20000, INVOKE 10000,       no signal,  no",
        "PERIODICALLY 20000, INVOKE 20000,       no signal,  yes",
        "PERIODICALLY 20000, RUNTIME_DONE 90000, end signal, no",
        "PERIODICALLY 20000, TICK 20000,         end signal, yes",
        "PERIODICALLY 20000, CONTROL 1,          end signal, yes",
        "PERIODICALLY 20000, SHUTDOWN 1,         end signal, yes",
        "CONTINUOUSLY 1000,  INVOKE 999,         end signal, no",
        "CONTINUOUSLY 1000,  INVOKE 1000,        end signal, yes",
        "CONTINUOUSLY 1000,  TICK 999,           end signal, no",
        "CONTINUOUSLY 1000,  TICK 1000,          end signal, yes",
        "CONTINUOUSLY 1000,  RUNTIME_DONE 90000, end signal, no",
        "CONTINUOUSLY 1000,  SHUTDOWN 1,         end signal, yes",
    })
    void decidesByTheTable(String setting, String moment, String signal, String expected) {
        long lastMs = NOW_MS - number(moment);
        FlushDecision decision =
                policy(setting).decide(FlushMoment.valueOf(word(moment)), NOW_MS, lastMs, signal.equals("end signal"));

        assertThat(decision.flush()).as(decision.reason()).isEqualTo(expected.equals("yes"));
        assertThat(decision.reason()).isNotEmpty();
    }

    @Test
    void theFirstFlushWaitsForNoInterval() {
        assertThat(policy("PERIODICALLY 20000")
                        .decide(FlushMoment.INVOKE, NOW_MS, 0, true)
                        .flush())
                .isTrue();
    }

    @Test
    void aClockThatWasSetBackDoesNotHoldFlushesUp() {
        assertThat(policy("PERIODICALLY 20000")
                        .decide(FlushMoment.INVOKE, NOW_MS, NOW_MS + 3_600_000, true)
                        .flush())
                .isTrue();
    }

    @Test
    void asksForTicksOnlyWhereItNeedsThem() {
        assertThat(policy("END 0").tickMs()).isZero();
        assertThat(policy("ADAPTIVE 0").tickMs()).isZero();
        assertThat(policy("PERIODICALLY 20000").tickMs()).isZero();
        assertThat(policy("CONTINUOUSLY 700").tickMs()).isEqualTo(700);
        assertThat(policy("END 0").managedTickMs()).isEqualTo(10_000);
        assertThat(policy("PERIODICALLY 20000").managedTickMs()).isEqualTo(20_000);
    }

    @Test
    void saysAtStartWhatTheStrategyDoes() {
        assertThat(policy("ADAPTIVE 0").startLine()).contains("in this version");
        assertThat(policy("CONTINUOUSLY 700").startLine()).contains("700 ms");
    }

    private static FlushPolicy policy(String setting) {
        return new FlushPolicy(new Config.Flush(Strategy.valueOf(word(setting)), number(setting), 250));
    }

    private static String word(String text) {
        return text.substring(0, text.indexOf(' '));
    }

    private static long number(String text) {
        return Long.parseLong(text.substring(text.indexOf(' ') + 1));
    }
}
