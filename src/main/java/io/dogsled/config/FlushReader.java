package io.dogsled.config;

/**
 * The section {@link Config.Flush}.
 *
 * <pre>
 * DD_SERVERLESS_FLUSH_STRATEGY = end | end,MS | periodically[,MS] | continuously,MS | adaptive
 * </pre>
 *
 * Spaces around the parts and the case of letters do not matter (flush-and-testserver.md §2.4, R11).
 */
final class FlushReader {
    private static final String STRATEGY = "DD_SERVERLESS_FLUSH_STRATEGY";
    private static final int DEFAULT_BUDGET_MS = 250;
    private static final int MAX_BUDGET_MS = 900_000;
    private static final long DEFAULT_PERIOD_MS = 10_000;
    private static final long MIN_INTERVAL_MS = 10;
    private static final long MAX_INTERVAL_MS = 3_600_000;

    private final Settings settings;

    FlushReader(Settings settings) {
        this.settings = settings;
    }

    Config.Flush read() {
        long budgetMs = settings.integer("DD_DOGSLED_FLUSH_BUDGET_MS", DEFAULT_BUDGET_MS, 0, MAX_BUDGET_MS);
        String value = settings.text(STRATEGY);
        int comma = value.indexOf(',');
        String word = comma < 0 ? value : value.substring(0, comma).strip();
        long intervalMs = comma < 0 ? 0 : intervalMs(value.substring(comma + 1).strip());
        Config.Strategy strategy = strategy(word, comma >= 0);
        if (strategy == null || intervalMs < 0) {
            settings.problem(
                    STRATEGY,
                    value,
                    "end, end,MS, periodically, periodically,MS, continuously,MS or adaptive, MS from "
                            + MIN_INTERVAL_MS + " to " + MAX_INTERVAL_MS,
                    "adaptive");
            return new Config.Flush(Config.Strategy.ADAPTIVE, 0, budgetMs);
        }
        if (strategy == Config.Strategy.PERIODICALLY && intervalMs == 0) {
            intervalMs = DEFAULT_PERIOD_MS;
        }
        return new Config.Flush(strategy, intervalMs, budgetMs);
    }

    private static Config.@org.jspecify.annotations.Nullable Strategy strategy(String word, boolean hasInterval) {
        if (word.equalsIgnoreCase("end")) {
            return Config.Strategy.END;
        }
        if (word.equalsIgnoreCase("periodically")) {
            return Config.Strategy.PERIODICALLY;
        }
        if (word.equalsIgnoreCase("continuously") && hasInterval) {
            return Config.Strategy.CONTINUOUSLY;
        }
        if (!hasInterval && (word.isEmpty() || Settings.isOneOf(word, "adaptive", "default"))) {
            return Config.Strategy.ADAPTIVE;
        }
        return null;
    }

    /** In range, or −1. */
    private static long intervalMs(String text) {
        long ms = Settings.wholeNumber(text);
        return ms < MIN_INTERVAL_MS || ms > MAX_INTERVAL_MS ? -1 : ms;
    }
}
