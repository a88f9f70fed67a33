package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every long decimal against the JDK's exact parser. */
class LongDecimalTest {
    private static final int ROUNDS = Integer.getInteger("dogsled.numbers", 50_000);

    private final long seed = Long.getLong("dogsled.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private final LongDecimal decimal = new LongDecimal();
    private final Numbers numbers = new Numbers();
    private int uncertain;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.30000000000000004",
                "1.7976931348623157E308",
                "1e3",
                "9223372036854775807",
                "9999999999999999999",
                "9223372036854775808",
                "2.2250738585072014e-308",
                "1e22",
                "1e23",
                "123456789012345678901234567890",
                "0.1716441474854946",
                "1e-400",
                "1e400",
                "0e999999999999",
                "00000000000000000000001",
                "1_000.5_0e1_0",
                "100000000000000000000000000000000",
                "1e-99999999999"
            })
    void whatClientsSendNeedsNoString(String text) {
        check(text);
        assertThat(uncertain).as(text).isZero();
    }

    /** Ties, the borders of the range, subnormals: certain or not, the answer is never wrong. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9007199254740993",
                "9007199254740993.0000000000000000000000001",
                "900719925474099300e-2",
                "4.9e-324",
                "2.4703282292062327e-324",
                "2.4703282292062328e-324",
                "2.2250738585072011e-308",
                "1.7976931348623158e308",
                "1.7976931348623159e308",
                "1e309",
                "1e-324",
                "6929495644600919.5",
                "3703777119168609.5",
                "8.5e-323",
                "1e-323"
            })
    void hardCasesAreNeverWrong(String text) {
        check(text);
    }

    @Test
    void shortestTextsOfAnyDoubleAreReadBack() {
        for (int i = 0; i < ROUNDS; i++) {
            double value = Double.longBitsToDouble(random.nextLong() & Long.MAX_VALUE);
            if (Double.isFinite(value)) {
                check(Double.toString(value));
            }
        }
        assertThat(uncertain)
                .as("numbers that needed a string, subnormal ones mostly")
                .isLessThan(ROUNDS / 500);
    }

    @Test
    void digitsAndExponentsAtRandomAreTheNearestDouble() {
        for (int i = 0; i < ROUNDS; i++) {
            check(digits(1 + random.nextInt(25)) + "." + digits(random.nextInt(25)) + "e"
                    + (random.nextInt(700) - 360));
        }
    }

    /** Halfway between two doubles, and one digit beside it: written out, so that only the last digit decides. */
    @Test
    void halfwayAndBesideItIsNeverWrong() {
        for (int i = 0; i < ROUNDS / 50; i++) {
            double value = Double.longBitsToDouble((long) (900 + random.nextInt(250)) << 52 | random.nextLong() >>> 12);
            BigDecimal half = new BigDecimal(value)
                    .add(new BigDecimal(Math.nextUp(value)))
                    .divide(BigDecimal.TWO);
            BigDecimal step = half.ulp();
            check(half.toString());
            check(half.add(step).toString());
            check(half.subtract(step).toString());
            check(half.toPlainString() + "0000000000001");
        }
    }

    @Test
    void longNumbersMakeNoObject() {
        byte[][] texts = {
            bytes("0.30000000000000004"), bytes("1.7976931348623157E308"), bytes("-1e3"), bytes("9223372036854775807")
        };
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        int read = 0;
        for (int i = 0; i < 11_000; i++) {
            if (i == 1_000) { // by then every class is loaded and every power worked out
                before = threads.getCurrentThreadAllocatedBytes();
            }
            for (byte[] text : texts) {
                read += numbers.parseDouble(text, 0, text.length) ? 1 : 0;
            }
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes")
                .isLessThan(1_000);
        assertThat(read).isEqualTo(44_000);
    }

    private void check(String text) {
        byte[] bytes = bytes(text);
        double expected = Double.parseDouble(text.replace("_", ""));
        double found = decimal.nearest(bytes, 0, bytes.length);
        if (Double.isNaN(found)) {
            uncertain++;
        } else if (found != expected) {
            assertThat(found).as("%s, seed %d", text, seed).isEqualTo(expected);
        }
        boolean fits = numbers.parseDouble(bytes, 0, bytes.length);
        if (fits == Double.isInfinite(expected) || (fits && numbers.doubleValue() != expected)) {
            assertThat(numbers.doubleValue()).as("%s, seed %d", text, seed).isEqualTo(expected);
        }
    }

    private String digits(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append((char) ('0' + (random.nextInt(8) == 0 ? 0 : random.nextInt(10))));
        }
        return text.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
