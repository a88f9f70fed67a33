package io.dogsled.dogstatsd;

import java.nio.charset.StandardCharsets;

/**
 * Numbers as Go's {@code strconv.ParseFloat} and {@code ParseInt} accept them, from bytes (protocol.md §1.4).
 *
 * <p>Almost every value is a short decimal such as {@code 12.5}. With at most 18 digits read as an integer {@code m}, and a
 * decimal point {@code k} digits from the right, its value is {@code m / 10^k}; if {@code m} ≤ 2^53 and {@code k} ≤ 22 both
 * operands are doubles without rounding, so the one division rounds exactly once, as the correct result does. No object is
 * made. Everything else (exponents, longer numbers, hexadecimal, {@code inf}, nonsense) is checked against Go's grammar byte by
 * byte. Decimals then go through {@link LongDecimal}, which makes no object either and is exact, or says that it is not sure. What is
 * left, hexadecimal and the few numbers that nearly are a tie, is for {@link Double#parseDouble}, which is exact but accepts other texts
 * ({@code 1d}, {@code " 1 "}, {@code 1e400}) and needs a string.
 *
 * <p>One call, then {@link #doubleValue} or {@link #longValue}. Owned by one parser.
 */
final class Numbers {
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18
    };
    private static final long LARGEST_EXACT = 1L << 53;
    private static final int MOST_DIGITS = 18;

    private final LongDecimal decimal = new LongDecimal();
    private double doubleValue;
    private long longValue;
    private boolean outOfRange;

    /** What the last successful {@link #parseDouble} read; may be infinite or NaN if the text said so. */
    double doubleValue() {
        return doubleValue;
    }

    /** What the last successful {@link #parseLong} read. */
    long longValue() {
        return longValue;
    }

    /** Whether the last failure was a well-formed number that does not fit, and not a malformed one. */
    boolean outOfRange() {
        return outOfRange;
    }

    /** Reads {@code buffer[from, to)} as a float64. */
    boolean parseDouble(byte[] buffer, int from, int to) {
        int end = readShort(buffer, from, to);
        return (end == to && end > from) || parseAnyDouble(buffer, from, to);
    }

    /**
     * Reads the short decimal that begins at {@code from}, as long as it goes.
     *
     * @return the index behind it; {@code from} if there is none, or none short enough
     */
    int readShort(byte[] buffer, int from, int limit) {
        int at = from;
        boolean negative = at < limit && buffer[at] == '-';
        if (negative || (at < limit && buffer[at] == '+')) {
            at++;
        }
        int start = at;
        long mantissa = 0;
        int dot = -1;
        for (; at < limit; at++) {
            int digit = buffer[at] - '0';
            if (digit >= 0 && digit <= 9) {
                mantissa = mantissa * 10 + digit;
            } else if (digit == '.' - '0' && dot < 0) {
                dot = at;
            } else {
                break;
            }
        }
        int digits = at - start - (dot < 0 ? 0 : 1);
        if (digits == 0 || digits > MOST_DIGITS || mantissa > LARGEST_EXACT) {
            return from;
        }
        double magnitude = dot < 0 ? mantissa : mantissa / POWERS_OF_TEN[at - dot - 1];
        doubleValue = negative ? -magnitude : magnitude;
        return at;
    }

    /** Reads {@code buffer[from, to)} as a base-10 int64: an optional sign and digits. */
    boolean parseLong(byte[] buffer, int from, int to) {
        outOfRange = false;
        boolean negative = from < to && buffer[from] == '-';
        int at = negative || (from < to && buffer[from] == '+') ? from + 1 : from;
        if (at == to) {
            return false;
        }
        long value = 0; // kept negative: the smallest long has no positive twin
        boolean fits = true;
        for (; at < to; at++) {
            int digit = buffer[at] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            fits = fits && value >= (Long.MIN_VALUE + digit) / 10;
            value = fits ? value * 10 - digit : 0;
        }
        outOfRange = !fits || (!negative && value == Long.MIN_VALUE);
        longValue = negative ? value : -value;
        return !outOfRange;
    }

    private boolean parseAnyDouble(byte[] buffer, int from, int to) {
        outOfRange = false;
        if (parseSpecial(buffer, from, to)) {
            return true;
        }
        if (!GoFloat.isWellFormed(buffer, from, to)) {
            return false;
        }
        doubleValue = wellFormed(buffer, from, to);
        outOfRange = Double.isInfinite(doubleValue);
        return !outOfRange;
    }

    private double wellFormed(byte[] buffer, int from, int to) {
        boolean negative = buffer[from] == '-';
        int start = negative || buffer[from] == '+' ? from + 1 : from;
        double magnitude = GoFloat.isHex(buffer, start, to) ? Double.NaN : decimal.nearest(buffer, start, to);
        if (Double.isNaN(magnitude)) {
            return Double.parseDouble(withoutUnderscores(buffer, from, to));
        }
        return negative ? -magnitude : magnitude;
    }

    private boolean parseSpecial(byte[] buffer, int from, int to) {
        boolean negative = from < to && buffer[from] == '-';
        boolean signed = negative || (from < to && buffer[from] == '+');
        int start = signed ? from + 1 : from;
        if (equalsIgnoreCase(buffer, start, to, "inf") || equalsIgnoreCase(buffer, start, to, "infinity")) {
            doubleValue = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            return true;
        }
        if (!signed && equalsIgnoreCase(buffer, start, to, "nan")) {
            doubleValue = Double.NaN;
            return true;
        }
        return false;
    }

    private static boolean equalsIgnoreCase(byte[] buffer, int from, int to, String lowerCase) {
        if (to - from != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if (GoFloat.lower(buffer[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static String withoutUnderscores(byte[] buffer, int from, int to) {
        byte[] kept = new byte[to - from];
        int length = 0;
        for (int at = from; at < to; at++) {
            if (buffer[at] != '_') {
                kept[length++] = buffer[at];
            }
        }
        return new String(kept, 0, length, StandardCharsets.ISO_8859_1);
    }
}
