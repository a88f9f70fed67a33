package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    private final Numbers numbers = new Numbers();

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "+5, 5",
        "-5, -5",
        ".5, 0.5",
        "1., 1",
        "1e3, 1000",
        "-2.5E-1, -0.25",
        "0x1p-2, 0.25",
        "0X.8P1, 1",
        "-0x1.8p+1, -3",
        "0x_1p0, 1",
        "1_000, 1000",
        "1_0.5_0e1_0, 105000000000",
        "1e-400, 0",
        "0e99999999999, 0",
        "00000000000000000000001, 1",
        "9007199254740993, 9007199254740992",
        "0.30000000000000004, 0.30000000000000004",
        "123456789012345678, 123456789012345680",
        "1.7976931348623157e308, 1.7976931348623157e308",
        "4.9e-324, 4.9e-324",
        "0.000000000000000001, 1e-18",
        "9999999999999999999999, 1e22",
        "2.2250738585072011e-308, 2.225073858507201e-308"
    })
    void whatGoAcceptsIsReadExactly(String text, double expected) {
        assertThat(parse(text)).as(text).isTrue();
        assertThat(numbers.doubleValue()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"inf, Infinity", "+Inf, Infinity", "-INFINITY, -Infinity", "infinity, Infinity", "nan, NaN", "NaN, NaN"
    })
    void infinitiesAndNanAreNumbersInAnyCase(String text, double expected) {
        assertThat(parse(text)).isTrue();
        assertThat(numbers.doubleValue()).isEqualTo(Double.valueOf(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "+", "-", ".", "+.", "1e", "1e+", "e5", "abc", "666a", "1d", "1.5f", "2D", "3F", " 1", "1 ", "\t1",
                "1..2", "1.2.3", "--1", "+-1", "0x", "0xF", "0x1", "0x.p1", "0x1p", "0xgp1", "0b1", "0o7", "infin",
                "+nan", "-NaN", "in", "_1", "1_", "1__0", "1_.5", "1._5", "1e_5", "1e5_", "0_x1p0", "0x1_p0", "１",
                "1\0", "NaN1", "1,5"
            })
    void whatGoRefusesIsRefused(String text) {
        assertThat(parse(text)).as(text).isFalse();
        assertThat(numbers.outOfRange()).as("malformed, not too large").isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e400", "-1e309", "1.8e308", "0x1p1024", "1e99999999999"})
    void whatDoesNotFitIsOutOfRange(String text) {
        assertThat(parse(text)).isFalse();
        assertThat(numbers.outOfRange()).isTrue();
    }

    @Test
    void theSignOfZeroIsKept() {
        assertThat(parse("-0.0")).isTrue();
        assertThat(1 / numbers.doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** The fast path and the exact one meet at 2^53 and at 18 digits: both sides must agree with the JDK's exact parser. */
    @Test
    void everyPlainDecimalIsTheNearestDouble() {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            String text = decimal(random);
            assertThat(parse(text)).as("%s, seed %d", text, seed).isTrue();
            assertThat(numbers.doubleValue()).as("%s, seed %d", text, seed).isEqualTo(Double.parseDouble(text));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "+7, 7",
        "-7, -7",
        "007, 7",
        "9223372036854775807, 9223372036854775807",
        "-9223372036854775808, -9223372036854775808"
    })
    void wholeNumbersOf64BitsAreRead(String text, long expected) {
        assertThat(parseLong(text)).isTrue();
        assertThat(numbers.longValue()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "-", "1.5", "1_0", " 1", "1a", "0x1", "99999999999999999999x"})
    void malformedWholeNumbersAreRefused(String text) {
        assertThat(parseLong(text)).isFalse();
        assertThat(numbers.outOfRange()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"9223372036854775808", "-9223372036854775809", "99999999999999999999", "-99999999999999999999"})
    void wholeNumbersBeyond64BitsAreOutOfRange(String text) {
        assertThat(parseLong(text)).isFalse();
        assertThat(numbers.outOfRange()).isTrue();
    }

    private static String decimal(Random random) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        int digits = 1 + random.nextInt(20);
        int dot = random.nextInt(digits + 1);
        for (int i = 0; i < digits; i++) {
            text.append(i == dot ? "." : "").append((char) ('0' + random.nextInt(10)));
        }
        return text.toString();
    }

    private boolean parse(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.UTF_8);
        return numbers.parseDouble(bytes, 1, bytes.length - 1);
    }

    private boolean parseLong(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(StandardCharsets.UTF_8);
        return numbers.parseLong(bytes, 1, bytes.length - 1);
    }
}
