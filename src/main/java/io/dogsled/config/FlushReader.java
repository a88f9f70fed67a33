package io.dogsled.config;

import org.jspecify.annotations.Nullable;

/**
 * The section {@link Config.Flush}.
 *
 * <pre>
 * DD_SERVERLESS_FLUSH_STRATEGY = end | end,MS | periodically | periodically,MS | continuously,MS | adaptive
 * </pre>
 *
 * Spaces around the parts and the case of letters do not matter (flush-and-testserver.md §2.4, R11); {@code default} is the word of
 * the Datadog extension for {@code adaptive}. What cannot be used is one line that says what is missing or too much.
 */
final class FlushReader {
    private static final String STRATEGY = "DD_SERVERLESS_FLUSH_STRATEGY";
    private static final int DEFAULT_BUDGET_MS = 250;
    private static final int MAX_BUDGET_MS = 900_000;
    private static final int DEFAULT_MAX_AGE_MS = 10_000;
    private static final int MIN_MAX_AGE_MS = 1_000;
    private static final int MAX_MAX_AGE_MS = 3_600_000;
    private static final long DEFAULT_PERIOD_MS = 10_000;
    private static final long MIN_INTERVAL_MS = 10;
    private static final long MAX_INTERVAL_MS = 3_600_000;
    private static final String RANGE = "MS from " + MIN_INTERVAL_MS + " to " + MAX_INTERVAL_MS;

    private final Settings settings;

    FlushReader(Settings settings) {
        this.settings = settings;
    }

    Config.Flush read() {
        long budgetMs = settings.integer("DD_DOGSLED_FLUSH_BUDGET_MS", DEFAULT_BUDGET_MS, 0, MAX_BUDGET_MS);
        long maxAgeMs =
                settings.integer("DD_DOGSLED_MAX_DATA_AGE_MS", DEFAULT_MAX_AGE_MS, MIN_MAX_AGE_MS, MAX_MAX_AGE_MS);
        String value = settings.text(STRATEGY);
        int comma = value.indexOf(',');
        Config.Strategy strategy =
                strategy(comma < 0 ? value : value.substring(0, comma).strip());
        // 0 = there is no comma, −1 = what is behind it cannot be used
        long intervalMs = comma < 0 ? 0 : intervalMs(value.substring(comma + 1).strip());
        String expected = expected(strategy, intervalMs);
        if (strategy == null || expected != null) {
            settings.problem(STRATEGY, value, expected == null ? "" : expected, "adaptive");
            return new Config.Flush(Config.Strategy.ADAPTIVE, 0, budgetMs, maxAgeMs);
        }
        if (strategy == Config.Strategy.PERIODICALLY && intervalMs == 0) {
            intervalMs = DEFAULT_PERIOD_MS;
        }
        return new Config.Flush(strategy, intervalMs, budgetMs, maxAgeMs);
    }

    private static Config.@Nullable Strategy strategy(String word) {
        if (word.equalsIgnoreCase("end")) {
            return Config.Strategy.END;
        }
        if (word.equalsIgnoreCase("periodically")) {
            return Config.Strategy.PERIODICALLY;
        }
        if (word.equalsIgnoreCase("continuously")) {
            return Config.Strategy.CONTINUOUSLY;
        }
        return word.isEmpty() || Settings.isOneOf(word, "adaptive", "default") ? Config.Strategy.ADAPTIVE : null;
    }

    /** What should have been there; null if it is. */
    private static @Nullable String expected(Config.@Nullable Strategy strategy, long intervalMs) {
        if (strategy == null) {
            return "end, end,MS, periodically, periodically,MS, continuously,MS or adaptive, " + RANGE;
        }
        // no switch: its table would be one more class before ready
        if (strategy == Config.Strategy.ADAPTIVE) {
            return intervalMs == 0 ? null : "adaptive without a number";
        }
        if (strategy == Config.Strategy.END) {
            return intervalMs >= 0 ? null : "end or end,MS, " + RANGE;
        }
        if (strategy == Config.Strategy.PERIODICALLY) {
            return intervalMs >= 0 ? null : "periodically or periodically,MS, " + RANGE;
        }
        return intervalMs > 0 ? null : "continuously,MS, " + RANGE + ", for example continuously,1000";
    }

    /** In range, or −1. */
    private static long intervalMs(String text) {
        long ms = Settings.wholeNumber(text);
        return ms < MIN_INTERVAL_MS || ms > MAX_INTERVAL_MS ? -1 : ms;
    }
}
