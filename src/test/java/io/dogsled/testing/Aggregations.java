package io.dogsled.testing;

import io.dogsled.config.Config;
import java.util.List;

/** The settings of an aggregator as they are when nothing is set, for tests and benchmarks. */
public final class Aggregations {
    private static final int CONTEXTS = 20_000;

    private Aggregations() {}

    /** With room for 20,000 contexts. */
    public static Config.Aggregation defaults() {
        return defaults(Config.CountMode.COUNT, CONTEXTS);
    }

    /** Counters in another mode. */
    public static Config.Aggregation defaults(Config.CountMode countMode) {
        return defaults(countMode, CONTEXTS);
    }

    /** Another limit of contexts. */
    public static Config.Aggregation defaults(int contexts) {
        return defaults(Config.CountMode.COUNT, contexts);
    }

    private static Config.Aggregation defaults(Config.CountMode countMode, int contexts) {
        return new Config.Aggregation(
                List.of("max", "median", "avg", "count"),
                List.of(95),
                false,
                "",
                countMode,
                new Config.NameFilter(List.of(), false),
                contexts,
                1);
    }
}
