package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Bin;
import io.dogsled.testserver.DecodedPayload.Point;
import io.dogsled.testserver.DecodedPayload.Series;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import io.dogsled.testserver.DecodedPayload.Sketch;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is readable but wrong: values that an intake takes without a word and then drops or shows distorted. Each finding
 * is one sentence that names the metric.
 */
final class Suspicion {
    /** 1 January 2100: a timestamp beyond it is in milliseconds or garbage. */
    private static final long FAR_FUTURE_S = 4_102_444_800L;

    private Suspicion() {}

    static void series(Series series, List<String> problems) {
        if (series.metric().isEmpty()) {
            problems.add("a series has no metric name");
        }
        if (series.points().isEmpty()) {
            problems.add(series.metric() + ": the series has no points");
        }
        if (series.type() == SeriesType.UNSPECIFIED) {
            problems.add(series.metric() + ": the series has no type");
        }
        if (series.intervalS() < 0 || (series.intervalS() == 0 && series.type() == SeriesType.RATE)) {
            problems.add(series.metric() + ": the interval is " + series.intervalS());
        }
        for (Point point : series.points()) {
            timestamp(series.metric(), point.timestampS(), problems);
            if (!Double.isFinite(point.value())) {
                problems.add(series.metric() + ": the value at " + point.timestampS() + " is " + point.value());
            }
        }
    }

    static void sketch(Sketch sketch, List<String> problems) {
        if (sketch.metric().isEmpty()) {
            problems.add("a sketch has no metric name");
        }
        if (sketch.points().isEmpty()) {
            problems.add(sketch.metric() + ": the sketch has no points");
        }
        for (SketchPoint point : sketch.points()) {
            timestamp(sketch.metric(), point.timestampS(), problems);
            summary(sketch.metric() + " at " + point.timestampS() + ": ", point, problems);
        }
    }

    /**
     * Reports a name or tag that is not UTF-8. The generated classes have replaced such bytes by U+FFFD already; a sender
     * may have done so too and rightly, but then U+FFFD itself is in the body.
     */
    static void utf8(String metric, List<String> tags, byte[] plain, List<String> problems) {
        String all = metric + String.join("", tags);
        boolean replaced = all.indexOf('\uFFFD') >= 0;
        if (replaced && new String(plain, StandardCharsets.ISO_8859_1).indexOf("\u00EF\u00BF\u00BD") < 0) {
            problems.add(metric + ": the name or a tag is not valid UTF-8");
        }
    }

    private static void timestamp(String metric, long timestampS, List<String> problems) {
        if (timestampS <= 0 || timestampS > FAR_FUTURE_S) {
            problems.add(metric + ": the timestamp " + timestampS + " is not in seconds since the epoch");
        }
    }

    private static void summary(String where, SketchPoint point, List<String> problems) {
        double all = point.min() + point.max() + point.avg() + point.sum();
        if (!Double.isFinite(all)) {
            problems.add(where + "min, max, avg or sum is not a finite number");
        } else if (point.cnt() <= 0 || point.min() > point.max()) {
            problems.add(where + "cnt is " + point.cnt() + ", min " + point.min() + ", max " + point.max());
        }
        long binned = 0;
        long previous = Long.MIN_VALUE;
        for (Bin bin : point.bins()) {
            if (bin.k() < previous) {
                problems.add(where + "the keys are not in ascending order");
            }
            previous = bin.k();
            binned += bin.n();
        }
        if (binned != point.cnt()) {
            problems.add(where + "the bins hold " + binned + " values, cnt is " + point.cnt());
        }
    }
}
