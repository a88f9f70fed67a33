package io.dogsled.testserver;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a request waits before its body is read: always the same, any time between two, or mostly short with a long
 * tail. Immutable; any thread draws from it.
 *
 * <p>The tail is a log-normal distribution through two points that people measure at real intakes: half of the draws are
 * at most {@code p50}, 99 of 100 at most {@code p99}. With z the standard normal draw, {@code p50 · (p99 / p50)^(z /
 * 2.326)}, where 2.326 is the 99th percentile of z; a draw ends at ten times {@code p99}.
 */
final class Latency {
    private static final double Z99 = 2.3263478740408408;
    private static final int TAIL_ENDS = 10;

    private final Duration from;
    private final Duration to;
    private final boolean tailed;

    private Latency(Duration from, Duration to, boolean tailed) {
        this.from = from;
        this.to = to;
        this.tailed = tailed;
    }

    /** Uniformly between the two, both included. */
    static Latency between(Duration from, Duration to) {
        if (from.isNegative() || from.compareTo(to) > 0) {
            throw new IllegalArgumentException("latency from " + from + " to " + to + " is not a range");
        }
        return new Latency(from, to, false);
    }

    /** Log-normal; {@code p50} is positive and at most {@code p99}. */
    static Latency longTail(Duration p50, Duration p99) {
        if (!p50.isPositive() || p50.compareTo(p99) > 0) {
            throw new IllegalArgumentException(
                    "latency with p50 " + p50 + " and p99 " + p99 + " is not a distribution");
        }
        return new Latency(p50, p99, true);
    }

    /** The wait of one request. */
    Duration next() {
        if (!tailed) {
            long spread = to.minus(from).toNanos();
            return spread == 0
                    ? from
                    : from.plusNanos(ThreadLocalRandom.current().nextLong(spread + 1));
        }
        double z = ThreadLocalRandom.current().nextGaussian();
        double ns = from.toNanos() * Math.pow((double) to.toNanos() / from.toNanos(), z / Z99);
        return Duration.ofNanos((long) Math.min(ns, (double) TAIL_ENDS * to.toNanos()));
    }

    /** As {@link ScenarioText} reads it. */
    @Override
    public String toString() {
        if (tailed) {
            return "p50=" + Durations.text(from) + ",p99=" + Durations.text(to);
        }
        return from.equals(to) ? Durations.text(from) : Durations.text(from) + ".." + Durations.text(to);
    }
}
