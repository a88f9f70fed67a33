package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that never writes the same line twice: memory stays within its bounds, and every sample in the ledger. */
class FloodTest {
    private static final int LINES = 40_000;
    private static final Limits LIMITS = Limits.ofContexts(1_000);

    private final Rig rig = new Rig(Rig.DEFAULTS, LIMITS);
    private final Random random = new Random(7);

    @ParameterizedTest
    @ValueSource(strings = {"c", "g", "s", "h", "d"})
    void newTagsWithoutEnd(String type) {
        for (int i = 0; i < LINES; i++) {
            rig.send(1001 + i / 3_000, "m" + i % 7 + ":" + i + "|" + type + "|#az:1,request:" + i);
        }
        assertBounded();
        assertThat(rig.counters.value(Counter.FOLDED)).isGreaterThan(LINES / 2);
    }

    @Test
    void newNamesWithoutEnd() {
        for (int i = 0; i < LINES; i++) {
            rig.send(1001 + i / 3_000, "m" + i + ":1|c");
        }
        assertBounded();
        double sum = 0;
        for (var point : rig.flush(1_500).series()) {
            sum += point.values().getFirst().value();
        }
        assertThat(sum).as("what the last flush left").isZero();
    }

    @Test
    void newTimestampsWithoutEnd() {
        for (int i = 0; i < LINES; i++) {
            rig.send(1_000_000, "m:1|c|#n:" + i % 10 + "|T" + (996_500 + i / 10));
        }
        assertBounded();
        assertThat(rig.counters.value(Counter.MOVED)).isGreaterThan(LINES / 10);
    }

    /** Lines of tens of kilobytes, as one datagram can hold: a few hundred of them would fill the heap. */
    @Test
    void longLinesWithoutEnd() {
        String tag = "t".repeat(10_000);
        for (int i = 0; i < 400; i++) {
            rig.send(1001, "m" + i % 3 + ":1|c|#" + tag + ":" + i + "," + i + tag);
        }
        assertBounded();
        assertThat(rig.aggregator.contexts()).isLessThan(100);
        assertThat(rig.aggregator.spellings()).isLessThan(100);
    }

    /** A few sets, histograms and distributions that grow without end. */
    @Test
    void newMembersAndValuesWithoutEnd() {
        for (int i = 0; i < LINES * 3; i++) {
            int n = i % 50;
            rig.send(
                    1001,
                    switch (i % 3) {
                        case 0 -> "s" + n + ":member-" + i + "|s";
                        case 1 -> "h" + n + ":" + random.nextDouble() + "|h";
                        default -> "d" + n + ":" + Math.exp(random.nextInt(60)) * random.nextDouble() + "|d";
                    });
        }
        assertBounded();
    }

    private void assertBounded() {
        long least = (long) rig.aggregator.cells() * (Cell.BYTES + 800);
        assertThat(rig.aggregator.cellBytes()).isLessThan(LIMITS.cellBytes() + least);
        assertThat(rig.aggregator.contexts()).isLessThanOrEqualTo(LIMITS.contexts() + LIMITS.names() + 5);
        assertThat(rig.aggregator.spellings()).isLessThanOrEqualTo(LIMITS.spellings());
        assertThat(rig.counters.sum(Counter.Kind.LOST)).isZero();
        long received = rig.counters.value(Counter.RECEIVED);
        assertThat(rig.flush(1_400).newSamples()).isEqualTo(received);
    }
}
