package io.dogsled.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The section {@link Config.Aggregation} (protocol.md §2.2, rulings.md 4). */
final class AggregationReader {
    private static final List<String> AGGREGATES = List.of("max", "min", "median", "avg", "sum", "count");
    private static final List<String> DEFAULT_AGGREGATES = List.of("max", "median", "avg", "count");
    private static final String THE_OTHERS = "the others";
    private static final List<Integer> DEFAULT_PERCENTILES = List.of(95);

    /** Why these: docs/decisions/008-cardinality.md. */
    private static final int CONTEXTS_A_MB = 80;

    private static final int SMALLEST_FUNCTION_MB = 128;
    private static final int LEAST_DEFAULT = 1_000;
    private static final int MOST_DEFAULT = 16_000;
    private static final int MOST_CONTEXTS = 32_000;

    private final Settings settings;

    AggregationReader(Settings settings) {
        this.settings = settings;
    }

    Config.Aggregation read(Config.NameFilter filter, int pipelines) {
        return new Config.Aggregation(
                aggregates(),
                percentiles(),
                settings.flag("DD_HISTOGRAM_COPY_TO_DISTRIBUTION", false),
                settings.text("DD_HISTOGRAM_COPY_TO_DISTRIBUTION_PREFIX"),
                countMode(),
                filter,
                settings.integer("DD_DOGSLED_CONTEXT_LIMIT", contextLimit(), 10, MOST_CONTEXTS),
                pipelines);
    }

    /** Eighty for each megabyte of the function, 10,240 in the smallest one, at most what the heap is sure to hold. */
    private int contextLimit() {
        long memoryMb = Settings.wholeNumber(settings.text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        long contexts = CONTEXTS_A_MB * (memoryMb > 0 ? memoryMb : SMALLEST_FUNCTION_MB);
        return Math.clamp(contexts, LEAST_DEFAULT, MOST_DEFAULT);
    }

    private Config.CountMode countMode() {
        return switch (settings.choice("DD_DOGSTATSD_COUNT_MODE", 0, "count", "rate", "distribution")) {
            case 1 -> Config.CountMode.RATE;
            case 2 -> Config.CountMode.DISTRIBUTION;
            default -> Config.CountMode.COUNT;
        };
    }

    /** Unknown ones are skipped, as in the Agent; if none is left, the defaults. */
    private List<String> aggregates() {
        String variable = "DD_HISTOGRAM_AGGREGATES";
        List<String> given = settings.list(variable);
        List<String> known = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (String aggregate : given) {
            if (!AGGREGATES.contains(aggregate)) {
                skipped.add(aggregate);
            } else if (!known.contains(aggregate)) {
                known.add(aggregate);
            }
        }
        String used = known.isEmpty() ? String.join(" ", DEFAULT_AGGREGATES) : THE_OTHERS;
        settings.skipped(variable, skipped, "max, min, median, avg, sum or count", used);
        return known.isEmpty() ? DEFAULT_AGGREGATES : Collections.unmodifiableList(known);
    }

    private List<Integer> percentiles() {
        String variable = "DD_HISTOGRAM_PERCENTILES";
        List<String> given = settings.list(variable);
        List<Integer> known = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (String fraction : given) {
            int percent = percent(fraction);
            if (percent < 1 || percent > 100) {
                skipped.add(fraction);
            } else if (!known.contains(percent)) {
                known.add(percent);
            }
        }
        Collections.sort(known);
        String used = known.isEmpty() ? "0.95" : THE_OTHERS;
        settings.skipped(variable, skipped, "fractions from 0.01 to 1, such as 0.95", used);
        return known.isEmpty() ? DEFAULT_PERCENTILES : Collections.unmodifiableList(known);
    }

    /** {@code "0.95"} → 95, to the nearest whole one; −1 if it is no number. */
    private static int percent(String fraction) {
        try {
            double percent = Double.parseDouble(fraction) * 100;
            return percent >= 0 && percent < 1_000 ? (int) Math.round(percent) : -1;
        } catch (NumberFormatException notANumber) {
            return -1;
        }
    }
}
