package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.SeriesPoint.Kind;
import io.dogsled.metrics.SeriesPoint.Value;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;

/** The series one histogram context generates, their names made once. Immutable. */
final class HistogramOutput {
    /** Of contexts that are no histograms. */
    static final HistogramOutput NONE = new HistogramOutput(new int[0], new Text[0], Kind.COUNT, Enricher.BLOCKED);

    private final int[] aggregates;
    private final Text[] names;
    private final Kind countKind;
    private final Context copyContext;

    /**
     * @param aggregates as in {@link HistogramShape}; {@code names} has one for each
     * @param copyContext of the copy, a distribution; any other context if there is none
     */
    HistogramOutput(int[] aggregates, Text[] names, Kind countKind, Context copyContext) {
        this.aggregates = aggregates;
        this.names = names;
        this.countKind = countKind;
        this.copyContext = copyContext;
    }

    boolean hasSeries() {
        return aggregates.length > 0;
    }

    boolean hasCopy() {
        return copyContext.type() == MetricType.DISTRIBUTION;
    }

    Context copyContext() {
        return copyContext;
    }

    /** Whether the name filter leaves nothing at all. */
    boolean isBlocked() {
        return this != NONE && !hasSeries() && !hasCopy();
    }

    /** Works out every series; sorts {@code values}, which must hold at least one. */
    List<Value> values(WeightedValues values) {
        values.sort();
        List<Value> series = new ArrayList<>(aggregates.length);
        for (int i = 0; i < aggregates.length; i++) {
            Kind kind = aggregates[i] == HistogramShape.COUNT ? countKind : Kind.GAUGE;
            double value = value(aggregates[i], values);
            series.add(new Value(names[i], kind, Aggregator.BUCKET_S, value));
        }
        return series;
    }

    private double value(int aggregate, WeightedValues values) {
        long weight = values.weight();
        return switch (aggregate) {
            case HistogramShape.MAX -> values.max();
            case HistogramShape.MIN -> values.min();
            case HistogramShape.MEDIAN -> values.atRank((weight - 1) / 2);
            case HistogramShape.AVERAGE -> values.sum() / weight;
            case HistogramShape.SUM -> values.sum();
            case HistogramShape.COUNT -> countKind == Kind.RATE ? (double) weight / Aggregator.BUCKET_S : weight;
            default -> values.atRank((aggregate * weight - 1) / 100);
        };
    }
}
