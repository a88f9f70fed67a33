package io.dogsled.serializer;

import com.google.protobuf.CodedOutputStream;
import io.dogsled.metrics.Context;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.SketchView;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * {@code SketchPayload} (protocol.md §3.5, §4.3), fields in the order of their numbers, zeros left out.
 *
 * <pre>
 * 0a ..                 sketches
 *    0a .. metric
 *    22 .. tags
 *    3a .. dogsketches  { 08 ts, 10 cnt, 19 min, 21 max, 29 avg, 31 sum, 3a k (packed zig-zag), 42 n (packed) }
 * 12 00                 metadata, empty, as the Agent sends it
 * </pre>
 */
final class SketchWriter extends ItemWriter<SketchPoint> {
    private static final int SKETCHES = 1;
    private static final int METADATA = 2;
    private static final int METRIC = 1;
    private static final int TAGS = 4;
    private static final int DOGSKETCHES = 7;
    private static final int TS = 1;
    private static final int CNT = 2;
    private static final int MIN = 3;
    private static final int MAX = 4;
    private static final int AVG = 5;
    private static final int SUM = 6;
    private static final int K = 7;
    private static final int N = 8;

    @Override
    int fitting(List<SketchPoint> items, int max) {
        long bytes = 0;
        for (int i = 0; i < max; i++) {
            bytes += Wire.sizeOfBytes(sizeOfRun(items, i, i + 1));
            if (i > 0 && bytes > Payload.Kind.SKETCHES.maxPlainBytes()) {
                return i;
            }
        }
        return max;
    }

    @Override
    void write(List<SketchPoint> items, int count, OutputStream sink) throws IOException {
        CodedOutputStream out = CodedOutputStream.newInstance(sink);
        int from = 0;
        while (from < count) {
            Context context = items.get(from).context();
            int to = from + 1;
            while (to < count && context.equals(items.get(to).context())) {
                to++;
            }
            writeRun(out, items, from, to);
            from = to;
        }
        Wire.writeHead(out, METADATA, 0);
        out.flush();
    }

    private static void writeRun(CodedOutputStream out, List<SketchPoint> items, int from, int to) throws IOException {
        Context context = items.get(from).context();
        Wire.writeHead(out, SKETCHES, sizeOfRun(items, from, to));
        Wire.writeText(out, METRIC, context.name());
        for (int i = 0; i < context.tags().size(); i++) {
            Wire.writeText(out, TAGS, context.tags().get(i));
        }
        for (int i = from; i < to; i++) {
            Wire.writeHead(out, DOGSKETCHES, sizeOfSketch(items.get(i)));
            writeSketch(out, items.get(i));
        }
    }

    private static void writeSketch(CodedOutputStream out, SketchPoint point) throws IOException {
        SketchView sketch = point.sketch();
        Wire.writeVarint(out, TS, point.timestampS());
        Wire.writeVarint(out, CNT, sketch.count());
        Wire.writeDouble(out, MIN, sketch.min());
        Wire.writeDouble(out, MAX, sketch.max());
        Wire.writeDouble(out, AVG, sketch.average());
        Wire.writeDouble(out, SUM, sketch.sum());
        Wire.writeHead(out, K, sizeOfKeys(sketch));
        for (int i = 0; i < sketch.bins(); i++) {
            out.writeSInt32NoTag(sketch.key(i));
        }
        Wire.writeHead(out, N, sizeOfCounts(sketch));
        for (int i = 0; i < sketch.bins(); i++) {
            out.writeUInt32NoTag(sketch.binCount(i));
        }
    }

    private static int sizeOfRun(List<SketchPoint> items, int from, int to) {
        Context context = items.get(from).context();
        int size = Wire.sizeOfBytes(context.name().length());
        for (int i = 0; i < context.tags().size(); i++) {
            size += Wire.sizeOfBytes(context.tags().get(i).length());
        }
        for (int i = from; i < to; i++) {
            size += Wire.sizeOfBytes(sizeOfSketch(items.get(i)));
        }
        return size;
    }

    private static int sizeOfSketch(SketchPoint point) {
        SketchView sketch = point.sketch();
        return Wire.sizeOfVarint(point.timestampS())
                + Wire.sizeOfVarint(sketch.count())
                + Wire.sizeOfDouble(sketch.min())
                + Wire.sizeOfDouble(sketch.max())
                + Wire.sizeOfDouble(sketch.average())
                + Wire.sizeOfDouble(sketch.sum())
                + Wire.sizeOfBytes(sizeOfKeys(sketch))
                + Wire.sizeOfBytes(sizeOfCounts(sketch));
    }

    private static int sizeOfKeys(SketchView sketch) {
        int size = 0;
        for (int i = 0; i < sketch.bins(); i++) {
            size += CodedOutputStream.computeSInt32SizeNoTag(sketch.key(i));
        }
        return size;
    }

    private static int sizeOfCounts(SketchView sketch) {
        int size = 0;
        for (int i = 0; i < sketch.bins(); i++) {
            size += CodedOutputStream.computeUInt32SizeNoTag(sketch.binCount(i));
        }
        return size;
    }
}
