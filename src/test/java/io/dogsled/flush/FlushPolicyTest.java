package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.dogsled.config.Config;
import io.dogsled.config.Config.Strategy;
import io.dogsled.flush.FlushDecision.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table of cases. {@code *} stands for any value; each combination of values is covered by exactly one row.
 *
 * <ul>
 *   <li>strategy: end5 is {@code end,5000}, peri {@code periodically}, cont {@code continuously,1000}
 *   <li>history: none; few = 28 arrivals in a row, 100 ms apart; steady = 40 of them
 *   <li>age: since the last flush; young = 100 ms, over = 60 s
 *   <li>breaker: closed or open; kept: whether something waits in the forwarder; answer: slow = 200 ms, fast = 5 ms
 *   <li>expects: whether there will probably be something to send at the end
 * </ul>
 */
class FlushPolicyTest {
    private static final long NOW_MS = 1_700_000_000_000L;

    private static final String TABLE = """
            strategy  moment        history  age    breaker  kept  answer  expects | decision
            *         DATA          *        *      closed   *     *       *       | PREPARE
            *         DATA          *        *      open     *     *       *       | NONE
            *         QUIET         *        *      *        *     *       *       | SEND
            *         CONTROL       *        *      *        *     *       *       | WAIT
            *         SHUTDOWN      *        *      *        *     *       *       | WAIT

            adaptive  INVOKE        none     *      closed   no    *       yes     | PREPARE       held
            adaptive  INVOKE        none     *      closed   no    *       no      | NONE          held
            adaptive  INVOKE        none     *      closed   yes   *       *       | BEGIN         held
            adaptive  INVOKE        none     *      open     *     *       *       | SEND
            adaptive  INVOKE        few      *      closed   no    *       yes     | PREPARE       held
            adaptive  INVOKE        few      *      closed   no    *       no      | NONE          held
            adaptive  INVOKE        few      *      closed   yes   *       *       | BEGIN         held
            adaptive  INVOKE        few      *      open     *     *       *       | SEND
            adaptive  INVOKE        steady   young  *        no    *       *       | NONE
            adaptive  INVOKE        steady   young  *        yes   *       *       | BEGIN
            adaptive  INVOKE        steady   over   *        *     *       *       | SEND
            adaptive  RUNTIME_DONE  *        *      closed   *     fast    *       | WAIT
            adaptive  RUNTIME_DONE  *        *      closed   no    slow    *       | WAIT_BRIEFLY
            adaptive  RUNTIME_DONE  *        *      closed   yes   slow    *       | WAIT
            adaptive  RUNTIME_DONE  *        *      open     *     *       *       | SEND
            adaptive  TICK          *        young  *        no    *       *       | NONE
            adaptive  TICK          *        young  *        yes   *       *       | BEGIN
            adaptive  TICK          *        over   *        *     *       *       | SEND

            end       INVOKE        *        *      closed   no    *       yes     | PREPARE       held
            end       INVOKE        *        *      closed   no    *       no      | NONE          held
            end       INVOKE        *        *      closed   yes   *       *       | BEGIN         held
            end       INVOKE        *        *      open     *     *       *       | SEND
            end       RUNTIME_DONE  *        *      closed   *     *       *       | WAIT
            end       RUNTIME_DONE  *        *      open     *     *       *       | SEND
            end       TICK          *        *      *        no    *       *       | NONE
            end       TICK          *        *      *        yes   *       *       | BEGIN

            end5      INVOKE        *        young  *        no    *       *       | NONE
            end5      INVOKE        *        young  *        yes   *       *       | BEGIN
            end5      INVOKE        *        over   closed   no    *       yes     | PREPARE       held
            end5      INVOKE        *        over   closed   no    *       no      | NONE          held
            end5      INVOKE        *        over   closed   yes   *       *       | BEGIN         held
            end5      INVOKE        *        over   open     *     *       *       | SEND
            end5      RUNTIME_DONE  *        young  *        *     *       *       | NONE
            end5      RUNTIME_DONE  *        over   closed   *     *       *       | WAIT
            end5      RUNTIME_DONE  *        over   open     *     *       *       | SEND
            end5      TICK          *        young  *        no    *       *       | NONE
            end5      TICK          *        young  *        yes   *       *       | BEGIN
            end5      TICK          *        over   *        *     *       *       | SEND

            peri      INVOKE        *        young  *        no    *       *       | NONE
            peri      INVOKE        *        young  *        yes   *       *       | BEGIN
            peri      INVOKE        *        over   *        *     *       *       | SEND
            peri      RUNTIME_DONE  *        *      *        *     *       *       | NONE
            peri      TICK          *        young  *        no    *       *       | NONE
            peri      TICK          *        young  *        yes   *       *       | BEGIN
            peri      TICK          *        over   *        *     *       *       | SEND

            cont      INVOKE        *        young  *        no    *       *       | NONE
            cont      INVOKE        *        young  *        yes   *       *       | BEGIN
            cont      INVOKE        *        over   *        *     *       *       | SEND
            cont      RUNTIME_DONE  *        *      *        *     *       *       | NONE
            cont      TICK          *        young  *        no    *       *       | NONE
            cont      TICK          *        young  *        yes   *       *       | BEGIN
            cont      TICK          *        over   *        *     *       *       | SEND

            *         MANAGED_TICK  *        young  *        no    *       *       | NONE
            *         MANAGED_TICK  *        young  *        yes   *       *       | BEGIN
            *         MANAGED_TICK  *        over   *        *     *       *       | SEND
            """;

    private static final List<List<String>> VALUES = List.of(
            List.of("adaptive", "end", "end5", "peri", "cont"),
            Stream.of(FlushMoment.values()).map(Enum::name).toList(),
            List.of("none", "few", "steady"),
            List.of("young", "over"),
            List.of("closed", "open"),
            List.of("no", "yes"),
            List.of("fast", "slow"),
            List.of("yes", "no"));

    /** A line of the table. */
    record Row(List<String> cells, String expected) {
        static Row of(String line) {
            int bar = line.indexOf('|');
            return new Row(words(line.substring(0, bar)), String.join(" ", words(line.substring(bar + 1))));
        }

        boolean covers(List<String> combination) {
            for (int i = 0; i < cells.size(); i++) {
                if (!cells.get(i).equals("*") && !cells.get(i).equals(combination.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private static List<String> words(String text) {
            return Stream.of(text.split(" ", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
        }
    }

    static List<Row> rows() {
        return TABLE.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(Row::of)
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void everyRowIsWhatThePolicyDecides(Row row) {
        for (List<String> one : combinations()) {
            if (row.covers(one)) {
                FlushDecision decision = policy(one.get(0)).decide(FlushMoment.valueOf(one.get(1)), state(one));
                String decided = decision.action() + (decision.hold() ? " held" : "");
                if (!decided.equals(row.expected())) {
                    fail("%s: %s, because %s; the table says %s"
                            .formatted(one, decided, decision.reason(), row.expected()));
                }
            }
        }
    }

    @Test
    void eachCombinationHasExactlyOneRow() {
        List<Row> rows = rows();
        List<List<String>> combinations = combinations();
        Set<Row> used = new HashSet<>();

        assertThat(combinations).hasSize(5 * 8 * 3 * 2 * 2 * 2 * 2 * 2);
        for (List<String> one : combinations) {
            int covering = 0;
            for (Row row : rows) {
                if (row.covers(one)) {
                    covering++;
                    used.add(row);
                }
            }
            if (covering != 1) {
                fail("%s: %d rows".formatted(one, covering));
            }
        }
        assertThat(used).as("every row says something").containsExactlyInAnyOrderElementsOf(rows);
    }

    /** n arrivals of that distance in a row: the age to be expected is 300 s / (n + 2) + distance. */
    @ParameterizedTest(name = "bound {0} ms: {1} arrivals each {2} ms: {3}")
    @CsvSource({
        "10000,  27,    0, held",
        "10000,  28,    0, deferred",
        "10000,  28,  100, held",
        "10000,  29,  100, deferred",
        "10000,  31, 1000, held",
        "10000,  32, 1000, deferred",
        "10000,  57, 5000, held",
        "10000,  58, 5000, deferred",
        "10000, 297, 9000, held",
        "10000, 298, 9000, deferred",
        "1000,  331,  100, held",
        "1000,  332,  100, deferred",
        "60000,   2, 1000, held",
        "60000,   4, 1000, deferred",
        "149999,  0,    0, held",
        "150000,  0,    0, deferred",
        "3600000, 0,    0, deferred",
    })
    void defersWhenTheExpectedAgeIsWithinTheBound(long boundMs, int arrivals, long gapMs, String expected) {
        FlushPolicy policy = new FlushPolicy(new Config.Flush(Strategy.ADAPTIVE, 0, 250, boundMs));
        FlushState state = new FlushState(NOW_MS, NOW_MS - 60_000, arrivals, gapMs, false, -1, false, 1, true);

        assertThat(policy.decide(FlushMoment.INVOKE, state).hold()).isEqualTo(expected.equals("held"));
    }

    @ParameterizedTest(name = "{0} at {1} after {2} ms: {3}")
    @CsvSource({
        "end5,     INVOKE,       4999,  NONE",
        "end5,     INVOKE,       5000,  PREPARE",
        "end5,     RUNTIME_DONE, 4999,  NONE",
        "end5,     RUNTIME_DONE, 5000,  WAIT",
        "peri,     INVOKE,       9999,  NONE",
        "peri,     INVOKE,       10000, SEND",
        "cont,     TICK,         999,   NONE",
        "cont,     TICK,         1000,  SEND",
        "adaptive, INVOKE,       999,   NONE",
        "adaptive, INVOKE,       1000,  SEND",
        "adaptive, TICK,         999,   NONE",
        "adaptive, TICK,         1000,  SEND",
        "end,      MANAGED_TICK, 9999,  NONE",
        "end,      MANAGED_TICK, 10000, SEND",
    })
    void anIntervalIsOverWhenItIsOver(String strategy, FlushMoment moment, long ageMs, Action expected) {
        FlushState state = new FlushState(NOW_MS, NOW_MS - ageMs, 40, 100, false, 5, false, 1, true);

        assertThat(policy(strategy).decide(moment, state).action()).isEqualTo(expected);
    }

    @Test
    void manySamplesAreSentAtAnyAge() {
        FlushState state = new FlushState(NOW_MS, NOW_MS - 1, 40, 100, false, 5, false, FlushPolicy.MANY_SAMPLES, true);

        assertThat(policy("adaptive").decide(FlushMoment.INVOKE, state).action())
                .isEqualTo(Action.SEND);
    }

    @ParameterizedTest
    @CsvSource({"0", "3600000"})
    void theFirstFlushAndAClockThatWasSetBackWaitForNoInterval(long laterMs) {
        long lastMs = laterMs == 0 ? 0 : NOW_MS + laterMs;
        FlushState state = new FlushState(NOW_MS, lastMs, 40, 100, false, 5, false, 1, true);

        assertThat(policy("peri").decide(FlushMoment.INVOKE, state).action()).isEqualTo(Action.SEND);
        assertThat(policy("cont").decide(FlushMoment.TICK, state).action()).isEqualTo(Action.SEND);
        assertThat(policy("end5").decide(FlushMoment.INVOKE, state).hold()).isTrue();
        assertThat(policy("adaptive").decide(FlushMoment.INVOKE, state).action())
                .isEqualTo(Action.SEND);
        assertThat(policy("cont").tickMs(state)).isEqualTo(1_000);
    }

    @ParameterizedTest(name = "{0}: {1} ms after the last flush, breaker {2}, kept {3}: after {4} ms")
    @CsvSource({
        "end,      60000, closed, no,  0",
        "end,      60000, open,   no,  0",
        "end,      60000, closed, yes, 0",
        "end,      60000, open,   yes, 1000",
        "end5,     4000,  closed, no,  1000",
        "end5,     5000,  closed, no,  5000",
        "peri,     9999,  closed, no,  1",
        "peri,     0,     closed, no,  10000",
        "peri,     0,     open,   yes, 1000",
        "cont,     300,   closed, no,  700",
        "adaptive, 0,     closed, no,  9000",
        "adaptive, 60000, closed, no,  9000",
        "adaptive, 60000, open,   yes, 1000",
    })
    void asksForTicksOnlyWhereItNeedsThem(String strategy, long ageMs, String breaker, String kept, long expectedMs) {
        FlushState state =
                new FlushState(NOW_MS, NOW_MS - ageMs, 0, 0, breaker.equals("open"), -1, kept.equals("yes"), 0, true);

        assertThat(policy(strategy).tickMs(state)).isEqualTo(expectedMs);
    }

    /** A tick after the ticks' distance, and no datum is older than the bound. */
    @ParameterizedTest
    @CsvSource({"1000, 750", "3000, 2250", "10000, 9000", "3600000, 3599000"})
    void noDatumOfALongInvocationGetsOlderThanTheBound(long boundMs, long tickMs) {
        FlushPolicy policy = new FlushPolicy(new Config.Flush(Strategy.ADAPTIVE, 0, 250, boundMs));
        long youngMs = boundMs - tickMs - 1; // at the tick before it was not worth sending
        FlushState before = new FlushState(NOW_MS, NOW_MS - youngMs, 0, 0, false, -1, false, 1, true);
        FlushState then = new FlushState(NOW_MS + tickMs, NOW_MS - youngMs, 0, 0, false, -1, false, 1, true);

        assertThat(policy.tickMs(before)).isEqualTo(tickMs);
        assertThat(policy.decide(FlushMoment.TICK, before).action()).isEqualTo(Action.NONE);
        assertThat(policy.decide(FlushMoment.TICK, then).action()).isEqualTo(Action.SEND);
        assertThat(then.ageMs()).isLessThanOrEqualTo(boundMs);
    }

    @ParameterizedTest
    @CsvSource({"adaptive, 10000", "end, 10000", "end5, 5000", "peri, 10000", "cont, 1000"})
    void managedInstancesAlwaysHaveAnInterval(String strategy, long expectedMs) {
        FlushState never = new FlushState(NOW_MS, 0, 0, 0, false, -1, false, 0, true);
        FlushState justNow = new FlushState(NOW_MS, NOW_MS - 1, 0, 0, false, -1, false, 0, true);

        assertThat(policy(strategy).managedTickMs(never)).isEqualTo(expectedMs);
        assertThat(policy(strategy).managedTickMs(justNow)).isEqualTo(expectedMs - 1);
    }

    @Test
    void saysAtStartWhatTheStrategyDoes() {
        assertThat(policy("adaptive").startLine())
                .startsWith("flush strategy adaptive")
                .contains("10000 ms");
        assertThat(policy("end").startLine()).startsWith("flush strategy end: ");
        assertThat(policy("end5").startLine()).contains("5000 ms");
        assertThat(policy("peri").startLine()).contains("10000 ms");
        assertThat(policy("cont").startLine()).contains("1000 ms");
    }

    @Test
    void theLineSaysWhy() {
        FlushState state = new FlushState(NOW_MS, NOW_MS - 1_200, 40, 100, false, 12, false, 7, true);
        FlushPolicy policy = policy("adaptive");

        assertThat(policy.line(FlushMoment.INVOKE, policy.decide(FlushMoment.INVOKE, state), state))
                .isEqualTo(
                        "flush decision at INVOKE: SEND, not held: steady traffic: what waits leaves now, and the end is"
                                + " not waited for (40 steady arrivals, one each 100 ms, so deferred data would be 7243 ms old of"
                                + " 10000; last flush 1200 ms ago, 7 samples wait, answers in 12 ms)");
    }

    private static List<List<String>> combinations() {
        List<List<String>> all = List.of(List.of());
        for (List<String> values : VALUES) {
            List<List<String>> longer = new ArrayList<>();
            for (List<String> begun : all) {
                for (String value : values) {
                    longer.add(Stream.concat(begun.stream(), Stream.of(value)).toList());
                }
            }
            all = longer;
        }
        return all;
    }

    private static FlushState state(List<String> one) {
        int steady = switch (one.get(2)) {
            case "none" -> 0;
            case "few" -> 28;
            default -> 40;
        };
        return new FlushState(
                NOW_MS,
                NOW_MS - (one.get(3).equals("young") ? 100 : 60_000),
                steady,
                steady == 0 ? 0 : 100,
                one.get(4).equals("open"),
                one.get(6).equals("slow") ? 200 : 5,
                one.get(5).equals("yes"),
                1,
                one.get(7).equals("yes"));
    }

    private static FlushPolicy policy(String strategy) {
        return new FlushPolicy(
                switch (strategy) {
                    case "end" -> new Config.Flush(Strategy.END, 0, 250, 10_000);
                    case "end5" -> new Config.Flush(Strategy.END, 5_000, 250, 10_000);
                    case "peri" -> new Config.Flush(Strategy.PERIODICALLY, 10_000, 250, 10_000);
                    case "cont" -> new Config.Flush(Strategy.CONTINUOUSLY, 1_000, 250, 10_000);
                    default -> new Config.Flush(Strategy.ADAPTIVE, 0, 250, 10_000);
                });
    }
}
