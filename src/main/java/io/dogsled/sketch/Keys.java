package io.dogsled.sketch;

/**
 * From a value to the key of its bin and back (protocol.md §3.1, §3.2; Agent: pkg/util/quantile/config.go).
 *
 * <p>Key {@code k > 0} holds what lies around {@code GAMMA^(k - BIAS)}, within half a step on the logarithmic axis; 0 holds
 * zero and what is too small to tell from it; negative values mirror positive ones. {@link StrictMath} and not
 * {@link Math} decides, because Go computes logarithms with the same algorithm (fdlibm), so the same value falls into the same
 * bin on every machine. But the processor's logarithm is quicker, and both are within one unit in the last place of the
 * true one: after the division by {@code ln GAMMA} they are less than 1e-10 apart (of at most 45,780), so they round to
 * the same key unless that lies as close to the border between two keys. Only there it is computed again.
 */
final class Keys {
    static final double GAMMA = 1.015625;
    static final int INFINITE = 32_767;

    private static final int LARGEST_FINITE = 32_766;
    private static final int BIAS = 1_338;
    private static final double LN_GAMMA = StrictMath.log1p(1.0 / 64);

    /** Further than this from a whole number, a quick logarithm may round to the other side. */
    private static final double NEAR_A_BORDER = 0.5 - 1e-9;

    private static final double SMALLEST = lowerBound(1);

    private Keys() {}

    /** The key of a value; {@code ±}{@link #INFINITE} from about 4.1e211 on. */
    static int key(double value) {
        return value < 0 ? -keyOfMagnitude(-value) : keyOfMagnitude(value);
    }

    /** The value that stands for a key: 0 for 0, infinite for {@code ±}{@link #INFINITE}. */
    static double lowerBound(int key) {
        if (key < 0) {
            return -lowerBound(-key);
        }
        if (key == 0) {
            return 0;
        }
        return key == INFINITE ? Double.POSITIVE_INFINITY : StrictMath.pow(GAMMA, key - BIAS);
    }

    private static int keyOfMagnitude(double value) {
        if (value < SMALLEST) {
            return 0;
        }
        double steps = Math.log(value) / LN_GAMMA;
        double exponent = Math.rint(steps);
        if (Math.abs(steps - exponent) > NEAR_A_BORDER) {
            exponent = Math.rint(StrictMath.log(value) / LN_GAMMA);
        }
        exponent += BIAS;
        return exponent > LARGEST_FINITE ? INFINITE : Math.max(1, (int) exponent);
    }
}
