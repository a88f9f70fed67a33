import io.dogsled.metrics.Context;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Receipt;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import io.dogsled.metrics.SketchView;
import io.dogsled.metrics.Text;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.sketch.Sketch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Writes what a flush of so many contexts sends, plain, as the engine encodes it: a file a payload. {@code Payloads folder} */
final class Payloads {
    private static final long BUCKET_S = 1_700_000_000;
    private static final int VALUES = 40;

    private Payloads() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        for (int contexts : new int[] {1, 5, 20, 500, 10_000}) {
            Random random = new Random(contexts);
            List<SeriesPoint> series = new ArrayList<>();
            List<SketchPoint> sketches = new ArrayList<>();
            for (int i = 0; i < contexts; i++) {
                series.add(series(i, random));
                sketches.add(sketch(i, random));
            }
            PayloadSerializer serializer = new PayloadSerializer(false);
            Path path = folder.resolve("series-" + contexts);
            Files.write(path, largest(serializer.series(series, Integer.MAX_VALUE)));
            path = folder.resolve("sketches-" + contexts);
            Files.write(path, largest(serializer.sketches(sketches, Integer.MAX_VALUE)));
        }
    }

    /** Without compression the intake's limits may end it earlier; it is then the first of several. */
    private static byte[] largest(Payload payload) {
        return payload.body();
    }

    private static Context context(MetricType type, String name, int i) {
        List<Text> tags = new ArrayList<>();
        for (String tag : new String[] {
            "env:prod", "service:orders", "region:eu-west-1", "functionname:orders-api", "route:/api/v1/" + i % 97, "customer:" + i % 1_009
        }) {
            tags.add(Text.of(tag));
        }
        Collections.sort(tags);
        return new Context(type, Text.of(name + i % 50), tags);
    }

    private static SeriesPoint series(int i, Random random) {
        Context context = context(MetricType.COUNT, "orders.api.requests.", i);
        double value = 1 + random.nextInt(500);
        SeriesPoint.Value point = new SeriesPoint.Value(context.name(), SeriesPoint.Kind.COUNT, 10, value);
        return new SeriesPoint(context, BUCKET_S, 1, new Receipt(), List.of(point));
    }

    private static SketchPoint sketch(int i, Random random) {
        Sketch sketch = new Sketch();
        for (int v = 0; v < VALUES; v++) {
            sketch.insert(Math.exp(3 + random.nextGaussian()), 1);
        }
        sketch.finish();
        return new SketchPoint(context(MetricType.DISTRIBUTION, "orders.api.duration.", i), BUCKET_S, VALUES, new Receipt(), new View(sketch));
    }

    private record View(Sketch sketch) implements SketchView {
        @Override
        public long count() {
            return sketch.count();
        }

        @Override
        public double min() {
            return sketch.min();
        }

        @Override
        public double max() {
            return sketch.max();
        }

        @Override
        public double sum() {
            return sketch.sum();
        }

        @Override
        public double average() {
            return sketch.average();
        }

        @Override
        public int bins() {
            return sketch.bins();
        }

        @Override
        public int key(int index) {
            return sketch.key(index);
        }

        @Override
        public int binCount(int index) {
            return sketch.binCount(index);
        }

        @Override
        public SketchView mergedWith(SketchView other) {
            throw new UnsupportedOperationException();
        }
    }
}
