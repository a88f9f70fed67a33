package io.dogsled.serializer;

import com.google.protobuf.CodedOutputStream;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SeriesPoint.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * {@code MetricPayload} (protocol.md §4.1), fields in the order of their numbers, zeros left out.
 *
 * <pre>
 * 0a ..                 series
 *    0a .. resources    see Labels
 *    12 .. metric
 *    1a .. tags
 *    22 .. points       { 09 value, 10 timestamp }
 *    28 type            1 COUNT, 2 RATE, 3 GAUGE
 *    40 interval        seconds
 * </pre>
 *
 * Neither unit nor source type nor origin are sent: the first by rulings.md 6, the others because an intake takes series
 * without them.
 */
final class SeriesWriter extends ItemWriter<SeriesPoint> {
    private static final int MAX_POINTS = 10_000;

    private static final int SERIES = 1;
    private static final int METRIC = 2;
    private static final int POINTS = 4;
    private static final int TYPE = 5;
    private static final int INTERVAL = 8;
    private static final int VALUE = 1;
    private static final int TIMESTAMP = 2;

    @Override
    int fitting(List<SeriesPoint> items, int max) {
        long bytes = 0;
        int points = 0;
        for (int i = 0; i < max; i++) {
            SeriesPoint item = items.get(i);
            points += item.values().size();
            int labels = Labels.size(item.context());
            for (int v = 0; v < item.values().size(); v++) {
                bytes += Wire.sizeOfBytes(labels + sizeOfRun(items, i, i + 1, v));
            }
            if (i > 0 && (points > MAX_POINTS || bytes > Payload.Kind.SERIES.maxPlainBytes())) {
                return i;
            }
        }
        return max;
    }

    @Override
    void write(List<SeriesPoint> items, int count, OutputStream sink) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(sink);
        int from = 0;
        while (from < count) {
            int to = from + 1;
            while (to < count && isSameSeries(items.get(from), items.get(to))) {
                to++;
            }
            for (int v = 0; v < items.get(from).values().size(); v++) {
                writeRun(out, items, from, to, v);
            }
            from = to;
        }
        out.flush();
    }

    private static void writeRun(CodedOutputStream out, List<SeriesPoint> items, int from, int to, int v)
            throws IOException {
        SeriesPoint first = items.get(from);
        Value value = first.values().get(v);
        Wire.writeHead(out, SERIES, Labels.size(first.context()) + sizeOfRun(items, from, to, v));
        Labels.writeResources(out, first.context());
        Wire.writeText(out, METRIC, value.metric());
        Labels.writeTags(out, first.context());
        for (int i = from; i < to; i++) {
            double number = items.get(i).values().get(v).value();
            long timestampS = items.get(i).timestampS();
            Wire.writeHead(out, POINTS, sizeOfPoint(number, timestampS));
            Wire.writeDouble(out, VALUE, number);
            Wire.writeVarint(out, TIMESTAMP, timestampS);
        }
        Wire.writeVarint(out, TYPE, value.kind().wire());
        Wire.writeVarint(out, INTERVAL, value.intervalS());
    }

    /** The size of the series of value {@code v} of the items in {@code [from, to)}, but for its labels. */
    private static int sizeOfRun(List<SeriesPoint> items, int from, int to, int v) {
        Value value = items.get(from).values().get(v);
        int size = Wire.sizeOfBytes(value.metric().length());
        for (int i = from; i < to; i++) {
            SeriesPoint item = items.get(i);
            size += Wire.sizeOfBytes(sizeOfPoint(item.values().get(v).value(), item.timestampS()));
        }
        return size + Wire.sizeOfVarint(value.kind().wire()) + Wire.sizeOfVarint(value.intervalS());
    }

    private static int sizeOfPoint(double value, long timestampS) {
        return Wire.sizeOfDouble(value) + Wire.sizeOfVarint(timestampS);
    }

    private static boolean isSameSeries(SeriesPoint first, SeriesPoint next) {
        List<Value> a = first.values();
        List<Value> b = next.values();
        if (a.size() != b.size() || !first.context().equals(next.context())) {
            return false;
        }
        for (int v = 0; v < a.size(); v++) {
            if (a.get(v).kind() != b.get(v).kind()
                    || a.get(v).intervalS() != b.get(v).intervalS()
                    || !a.get(v).metric().equals(b.get(v).metric())) {
                return false;
            }
        }
        return true;
    }
}
