package io.dogsled.aggregator;

import io.dogsled.config.Config;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.SeriesPoint.Kind;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which series histograms generate, by settings: aggregates and percentiles, the kind of {@code .count}, the copy as a
 * distribution, and the names that go no further (protocol.md §1.7, §2.2; rulings.md 4).
 */
final class HistogramShape {
    /** What a series shows; a percentile is its own number, 1 to 100. */
    static final int MAX = -1;

    static final int MIN = -2;
    static final int MEDIAN = -3;
    static final int AVERAGE = -4;
    static final int SUM = -5;
    static final int COUNT = -6;

    private static final int MOST_MADE = 256;

    private final int[] aggregates;
    private final Text[] suffixes;
    private final boolean copies;
    private final Text copyPrefix;
    private final Kind countKind;
    private final List<Text> blocked = new ArrayList<>();
    private final boolean blockPrefixes;

    /** By metric name: many contexts have one name. Forgotten at once when it is full. */
    private final Map<Text, HistogramOutput> made = new HashMap<>();

    HistogramShape(Config.Aggregation settings) {
        List<Integer> percentiles = settings.histogramPercentiles();
        int named = settings.histogramAggregates().size();
        aggregates = new int[named + percentiles.size()];
        suffixes = new Text[aggregates.length];
        for (int i = 0; i < aggregates.length; i++) {
            String name = i < named ? settings.histogramAggregates().get(i) : percentiles.get(i - named) + "percentile";
            aggregates[i] = i < named ? aggregate(name) : percentiles.get(i - named);
            suffixes[i] = Text.of("." + name);
        }
        copies = settings.copyHistogramToDistribution();
        copyPrefix = Text.of(settings.copyPrefix());
        countKind = settings.countMode() == Config.CountMode.RATE ? Kind.RATE : Kind.COUNT;
        for (String name : settings.nameFilter().names()) {
            blocked.add(Text.of(name));
        }
        blockPrefixes = settings.nameFilter().matchPrefix();
    }

    /** What a histogram of that context generates. */
    HistogramOutput outputOf(Context context) {
        HistogramOutput known = made.get(context.name());
        if (known != null) {
            return known;
        }
        HistogramOutput output = make(context);
        if (!output.hasCopy()) {
            if (made.size() == MOST_MADE) {
                made.clear();
            }
            made.put(context.name(), output);
        }
        return output;
    }

    private HistogramOutput make(Context context) {
        int[] allowed = new int[aggregates.length];
        Text[] names = new Text[aggregates.length];
        int size = 0;
        for (int i = 0; i < aggregates.length; i++) {
            Text name = context.name().plus(suffixes[i]);
            if (!isBlocked(name)) {
                allowed[size] = aggregates[i];
                names[size++] = name;
            }
        }
        Text copyName = copyPrefix.plus(context.name());
        Context copy = copies && !isBlocked(copyName)
                ? new Context(MetricType.DISTRIBUTION, copyName, context.tags())
                : Enricher.BLOCKED;
        return new HistogramOutput(Arrays.copyOf(allowed, size), names, countKind, copy);
    }

    private boolean isBlocked(Text name) {
        for (Text entry : blocked) {
            if (blockPrefixes ? name.startsWith(entry) : name.equals(entry)) {
                return true;
            }
        }
        return false;
    }

    private static int aggregate(String name) {
        return switch (name) {
            case "max" -> MAX;
            case "min" -> MIN;
            case "median" -> MEDIAN;
            case "avg" -> AVERAGE;
            case "sum" -> SUM;
            default -> COUNT;
        };
    }
}
