package io.dogsled.dogstatsd;

/**
 * A decimal of any length, with or without an exponent → the nearest double, without an object.
 *
 * <p>The first 19 digits that count are read as an integer, which fits 64 bits; those behind them are left out and said to be. Then, the
 * simplest first: an integer is converted; up to 2^53, and with a power of ten that is a double itself, one multiplication or division
 * rounds once (W. Clinger, "How to read floating point numbers accurately", 1990); anything else is for {@link NearestDouble}. If digits
 * were left out, the number lies between the integer and the next one, and both must have the same nearest double.
 *
 * <p>Owned by one {@link Numbers}.
 */
final class LongDecimal {
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long LARGEST_EXACT = 1L << 53;
    private static final int MOST_DIGITS = 19;

    /** Ten to this is infinite, and below ten to its negative is 0, however rounded: 1.8e308 and 2.5e-324 are the borders. */
    private static final int INFINITE = 309;

    private static final int NOTHING = -324;

    /** Far beyond anything that is neither infinite nor 0, and far from overflow. */
    private static final int EXPONENT_LIMIT = 100_000_000;

    private long mantissa;
    private int digits;
    private long exponent;
    private boolean cutOff;

    /**
     * The nearest double, which may be infinite, or NaN if it is not certain.
     *
     * @param from the first character of a decimal that {@link GoFloat} finds well-formed, behind its sign
     */
    double nearest(byte[] buffer, int from, int to) {
        readDigits(buffer, from, to);
        if (mantissa == 0) {
            return 0;
        }
        if (exponent + digits > INFINITE) {
            return Double.POSITIVE_INFINITY;
        }
        if (exponent + digits <= NOTHING) {
            return 0;
        }
        if (!cutOff) {
            return nearest(mantissa, (int) exponent);
        }
        double below = NearestDouble.of(mantissa, (int) exponent);
        return below == NearestDouble.of(mantissa + 1, (int) exponent) ? below : Double.NaN;
    }

    private static double nearest(long mantissa, int exponent) {
        if (exponent == 0 && mantissa > 0) {
            return mantissa;
        }
        boolean exact = mantissa > 0 && mantissa <= LARGEST_EXACT && Math.abs(exponent) < POWERS_OF_TEN.length;
        if (!exact) {
            return NearestDouble.of(mantissa, exponent);
        }
        return exponent < 0 ? mantissa / POWERS_OF_TEN[-exponent] : mantissa * POWERS_OF_TEN[exponent];
    }

    /** Leading zeros do not count; underscores mean nothing. */
    private void readDigits(byte[] buffer, int from, int to) {
        mantissa = 0;
        digits = 0;
        exponent = 0;
        cutOff = false;
        boolean behindDot = false;
        int at = from;
        for (; at < to && GoFloat.lower(buffer[at]) != 'e'; at++) {
            int digit = buffer[at] - '0';
            if (buffer[at] == '.') {
                behindDot = true;
            } else if (buffer[at] != '_') {
                exponent += takeDigit(digit) - (behindDot ? 1 : 0);
            }
        }
        exponent += writtenExponent(buffer, at + 1, to);
    }

    /** Returns by how many powers of ten a digit moves those before it too little: 1 if there is no place for it. */
    private int takeDigit(int digit) {
        if (digits == MOST_DIGITS) {
            cutOff |= digit != 0;
            return 1;
        }
        mantissa = mantissa * 10 + digit;
        digits += mantissa == 0 ? 0 : 1;
        return 0;
    }

    private static int writtenExponent(byte[] buffer, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            int digit = buffer[at] - '0';
            if (digit >= 0 && digit <= 9 && value < EXPONENT_LIMIT) {
                value = value * 10 + digit;
            }
        }
        return from < to && buffer[from] == '-' ? -value : value;
    }
}
