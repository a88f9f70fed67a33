package io.dogsled.dogstatsd;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The double nearest to {@code m · 10^e}, for 64-bit {@code m}, without an object (D. Lemire, "Number parsing at a gigabyte per second",
 * 2021, algorithm 1; Go: src/strconv/eisel_lemire.go).
 *
 * <p>The power of ten is known as a binary fraction of 128 bits, cut off. Its product with {@code m}, shifted up until its highest bit is set,
 * has an error of less than one unit of the last place: if the bits below the 54 that a double and its rounding need are neither all ones,
 * so that what was cut off could carry, nor exactly half, so that the tie could be none, the rounding is certain. Where it is not, which
 * takes a number that is made for it, and where the result would be subnormal or infinite, the answer is {@link Double#NaN}, and somebody
 * exact has to decide.
 *
 * <p>The powers are worked out when they are first asked for, some microseconds each, and kept: 10 KB, which do not exist as long as all
 * numbers are short decimals. Any thread: two that work out the same power write the same two words, the one that is never 0 last.
 */
final class NearestDouble {
    private static final int LEAST = -342;
    private static final int MOST = 308;

    /** Up to here 5 to this fits 64 bits, so that nothing is cut off and a tie is one. */
    private static final int MOST_EXACT = 27;

    private static final int MANTISSA_BITS = 52;
    private static final long FRACTION = (1L << MANTISSA_BITS) - 1;
    private static final int BIAS = 1_023;
    private static final int MOST_BIASED = 2_046;

    private NearestDouble() {}

    /** The nearest double, or NaN if it is not certain. {@code mantissa} is unsigned and not 0. */
    static double of(long mantissa, int exponent) {
        if (exponent < LEAST || exponent > MOST) {
            return Double.NaN;
        }
        int zeros = Long.numberOfLeadingZeros(mantissa);
        long shifted = mantissa << zeros;
        long power = Powers.high(exponent);
        long high = Math.unsignedMultiplyHigh(shifted, power);
        long low = shifted * power;
        if ((high & 0x1FF) == 0x1FF && Long.compareUnsigned(low + shifted, shifted) < 0) {
            long below = Math.unsignedMultiplyHigh(shifted, Powers.low(exponent));
            long belowLow = shifted * Powers.low(exponent);
            low += below;
            high += Long.compareUnsigned(low, below) < 0 ? 1 : 0;
            if ((high & 0x1FF) == 0x1FF && low == -1 && Long.compareUnsigned(belowLow + shifted, shifted) < 0) {
                return Double.NaN;
            }
        }
        boolean half = low == 0 && high << (Long.SIZE - spareBits(high)) == 0;
        boolean exact = exponent >= 0 && exponent <= MOST_EXACT;
        if (half && !exact && isOdd(high)) {
            return Double.NaN;
        }
        return rounded(high, half, binaryExponent(exponent) + Long.SIZE - 1 - zeros);
    }

    /** {@code floor(log2(10^exponent))}, right for all exponents here. */
    private static int binaryExponent(int exponent) {
        return (217_706 * exponent) >> 16;
    }

    /** Whether the double would be halfway above an even one, where being right depends on what was cut off. */
    private static boolean isOdd(long high) {
        return (firstBits(high) & 3) == 1;
    }

    /** A double's bits and one more; the first of {@code high} or its second is 1. */
    private static long firstBits(long high) {
        return high >>> spareBits(high);
    }

    private static int spareBits(long high) {
        return high < 0 ? 10 : 9;
    }

    /** Rounds to the nearest, and to the even one if the bits behind those of {@link #firstBits} are {@code zero}. */
    private static double rounded(long high, boolean zero, int exponent) {
        long bits = firstBits(high);
        boolean down = zero && (bits & 3) == 1;
        long mantissa = (bits + (down ? 0 : bits & 1)) >>> 1;
        int biased = exponent + spareBits(high) - 9 + BIAS;
        if (mantissa >>> (MANTISSA_BITS + 1) != 0) {
            mantissa >>>= 1;
            biased++;
        }
        if (biased < 1 || biased > MOST_BIASED) {
            return Double.NaN;
        }
        return Double.longBitsToDouble(((long) biased << MANTISSA_BITS) | (mantissa & FRACTION));
    }

    /** The first 128 bits of every power of ten that was needed. */
    private static final class Powers {
        private static final AtomicLongArray HIGH = new AtomicLongArray(MOST - LEAST + 1);
        private static final long[] LOW = new long[MOST - LEAST + 1];

        private Powers() {}

        static long high(int exponent) {
            long known = HIGH.get(exponent - LEAST);
            return known != 0 ? known : workOut(exponent);
        }

        /** After {@link #high}. */
        static long low(int exponent) {
            return LOW[exponent - LEAST];
        }

        private static long workOut(int exponent) {
            BigInteger power = BigInteger.TEN.pow(Math.abs(exponent));
            BigInteger cut;
            if (exponent >= 0) {
                int shift = 128 - power.bitLength();
                cut = shift >= 0 ? power.shiftLeft(shift) : power.shiftRight(-shift);
            } else {
                cut = BigInteger.ONE.shiftLeft(127 + power.bitLength()).divide(power);
            }
            LOW[exponent - LEAST] = cut.longValue();
            long high = cut.shiftRight(Long.SIZE).longValue();
            HIGH.set(exponent - LEAST, high);
            return high;
        }
    }
}
