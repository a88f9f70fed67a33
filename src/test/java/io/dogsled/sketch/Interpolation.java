package io.dogsled.sketch;

/**
 * The Agent's way to spread values that are known only by their range, such as a bucket of a Prometheus or OpenTelemetry
 * histogram, over the bins of a sketch (Agent: pkg/util/quantile/agent.go, InsertInterpolate).
 *
 * <p>Each bin between the bounds gets its share by width, cut to a whole number; what is cut off the larger shares is
 * carried on, and whoever's share is below one joins the next. What is left in the end goes into the last bin that was
 * reached. No DogStatsD message carries a range, so this has no place in the server (docs/decisions/012-exact.md); it is
 * here because the Agent proves its sketch with it: {@link Bins} and {@link Keys} must give the Agent's answers.
 */
final class Interpolation {
    private static final int BIN_LIMIT = 4_096;

    private Interpolation() {}

    /**
     * Adds {@code count} values between two bounds.
     *
     * @throws IllegalArgumentException if {@code upper} is in a lower bin than {@code lower}
     */
    static void insert(Bins bins, double lower, double upper, long count) {
        int last = Keys.key(upper);
        int from = Keys.key(lower);
        if (last < from) {
            throw new IllegalArgumentException(lower + " to " + upper);
        }
        long left = count;
        double carried = 0;
        for (int to = from + 1; to <= last && left > 0; to++) {
            double share = (Keys.lowerBound(to) - Keys.lowerBound(from)) / (upper - lower) * count;
            long whole = (long) share;
            carried += share > 1 ? share - whole : 0;
            if (carried > 1) {
                whole++;
                carried--;
            }
            if (whole > 0) {
                bins.add(from, Math.min(whole, left));
                left -= Math.min(whole, left);
                from = to;
            }
        }
        if (left > 0) {
            bins.add(from, left);
        }
        bins.trimLeft(BIN_LIMIT);
    }
}
