package io.dogsled.aggregator;

import io.dogsled.config.Config;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.SeriesPoint.Kind;

/** Makes the cell that a context's type and the settings ask for. */
final class CellMaker {
    private final Config.CountMode countMode;
    private final HistogramShape histograms;
    private final Limits limits;
    private final Room room;

    CellMaker(Config.Aggregation settings, Limits limits, Room room) {
        this.countMode = settings.countMode();
        this.histograms = new HistogramShape(settings);
        this.limits = limits;
        this.room = room;
    }

    /** What a context generates beyond its own name. */
    HistogramOutput output(Context context) {
        return context.type() == MetricType.HISTOGRAM ? histograms.outputOf(context) : HistogramOutput.NONE;
    }

    Cell cell(Slot slot, long startS) {
        Context context = slot.context;
        return switch (context.type()) {
            case COUNT -> counter(context, startS);
            case GAUGE -> new GaugeCell(context, startS);
            case SET -> new SetCell(context, startS, limits.setMembers(), room);
            case DISTRIBUTION -> new DistributionCell(context, startS, room);
            case HISTOGRAM, TIMING -> {
                WeightedValues values = new WeightedValues(limits.histogramValues(), room);
                yield new HistogramCell(context, startS, slot.output, values);
            }
        };
    }

    private Cell counter(Context context, long startS) {
        return switch (countMode) {
            case COUNT -> new CounterCell(context, startS, Kind.COUNT);
            case RATE -> new CounterCell(context, startS, Kind.RATE);
            case DISTRIBUTION -> new SummedCounterCell(context, startS);
        };
    }
}
