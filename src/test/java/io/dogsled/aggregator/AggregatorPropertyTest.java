package io.dogsled.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A random life: samples of all types, flushes at random moments, late and early timestamps, a clock that also steps
 * back. In the end an intake must show exactly what the samples say; the ledger must balance after every step.
 * {@code -Ddogsled.seed=} replays a failure, {@code -Ddogsled.steps=} makes it longer.
 */
class AggregatorPropertyTest {
    private static final String[] TYPES = {"c", "g", "h", "ms", "s", "d"};
    private static final String[] TAGS = {"", "a", "b,a", "a,b", "a,b,a", "b", ","};
    private static final String[] SORTED_TAGS = {"[]", "[a]", "[a, b]", "[a, b]", "[a, b]", "[b]", "[]"};
    private static final double[] RATES = {1, 1, 0.5, 0.25, 0.1};

    /** How far back the clock steps, and a timestamp lies: within what the aggregator promises to remember. */
    private static final int STEP_BACK_S = 8;

    private static final int LATE_S = 12;
    private static final int EARLY_S = 3_000;

    private final long seed = Long.getLong("dogsled.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Rig rig = new Rig();
    private final ReferenceIntake intake = new ReferenceIntake();
    private long nowS = 1_700_000_000;
    private long latestS = nowS;

    @Test
    @Timeout(120)
    void anIntakeShowsExactlyWhatTheSamplesSay() {
        int steps = Integer.getInteger("dogsled.steps", 100_000);
        for (int step = 0; step < steps; step++) {
            int dice = random.nextInt(20);
            if (dice == 0) {
                nowS += random.nextInt(40);
            } else if (dice == 1) {
                nowS = Math.max(latestS - STEP_BACK_S, nowS - random.nextInt(5));
            } else if (dice < 5) {
                intake.receive(rig.flush(nowS + random.nextDouble()));
            } else {
                send();
            }
            latestS = Math.max(latestS, nowS);
        }
        intake.receive(rig.flush(nowS));
        assertThat(rig.aggregator.heldSamples()).isZero();
        assertThat(intake.differences()).as("-Ddogsled.seed=%d", seed).isEmpty();
        assertThat(intake.shown).hasSizeGreaterThan(steps / 4);
    }

    private void send() {
        String[] lines = new String[1 + random.nextInt(4)];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = line();
        }
        rig.send(nowS + 0.999, lines);
    }

    private String line() {
        String type = TYPES[random.nextInt(TYPES.length)];
        String name = "m" + random.nextInt(5);
        int tags = random.nextInt(TAGS.length);
        double rate = RATES[random.nextInt(RATES.length)];
        long timestampS = timestampS();
        long second = second(type, timestampS);
        StringBuilder values = new StringBuilder();
        int packed = type.equals("s") ? 1 : 1 + random.nextInt(3);
        for (int i = 0; i < packed; i++) {
            String value = value();
            values.append(i == 0 ? "" : ":").append(value);
            if (!value.equals("NaN") || type.equals("s")) {
                String kind = type.equals("ms") ? "h" : type;
                intake.expect(kind, type(type) + name + SORTED_TAGS[tags], second, value, rate);
            }
        }
        return type(type) + name + ":" + values + "|" + type + "|@" + rate + "|#" + TAGS[tags]
                + (timestampS == 0 ? "" : "|T" + timestampS);
    }

    /** Whole numbers, so that sums do not depend on their order; now and then what is none. */
    private String value() {
        return random.nextInt(50) == 0 ? "NaN" : Integer.toString(random.nextInt(1_000) - 200);
    }

    private long timestampS() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> latestS - random.nextInt(LATE_S);
            case 3 -> nowS + random.nextInt(20);
            case 4 -> random.nextInt(20) == 0 ? nowS + random.nextInt(EARLY_S) : 0;
            default -> 0;
        };
    }

    private long second(String type, long timestampS) {
        if (timestampS == 0) {
            return nowS - nowS % 10;
        }
        return type.equals("c") || type.equals("g") ? timestampS : timestampS - timestampS % 10;
    }

    /** Gauges and sets of one name would replace each other at an intake, so each type has names of its own; not so h, ms. */
    private static String type(String type) {
        return type.equals("ms") ? "h" : type;
    }
}
