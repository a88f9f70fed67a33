package io.dogsled.testserver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dogsled.testserver.DecodedPayload.Bin;
import io.dogsled.testserver.DecodedPayload.Sketch;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.wire.Dogsketch;
import io.dogsled.testserver.wire.SketchPayload;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code /api/beta/sketches} ({@code SketchPayload}, src/main/protobuf/agent_payload.proto). */
final class SketchProtobuf {
    private SketchProtobuf() {}

    static void read(byte[] plain, PayloadDecoder.Parts parts) {
        SketchPayload payload;
        try {
            payload = SketchPayload.parseFrom(plain);
        } catch (InvalidProtocolBufferException e) {
            parts.problems.add("the body is not a SketchPayload: " + e.getMessage());
            return;
        }
        for (var wire : payload.getSketchesList()) {
            List<SketchPoint> points = new ArrayList<>();
            for (Dogsketch sketch : wire.getDogsketchesList()) {
                points.add(point(wire.getMetric(), sketch, parts.problems));
            }
            String origin = wire.hasMetadata() ? SeriesProtobuf.origin(wire.getMetadata()) : "";
            Sketch sketch =
                    new Sketch(wire.getMetric(), wire.getHost(), wire.getTagsList(), List.copyOf(points), origin);
            parts.sketches.add(sketch);
            Suspicion.sketch(sketch, parts.problems);
            Suspicion.utf8(sketch.metric(), sketch.tags(), plain, parts.problems);
        }
    }

    private static SketchPoint point(String metric, Dogsketch wire, List<String> problems) {
        int bins = Math.min(wire.getKCount(), wire.getNCount());
        if (wire.getKCount() != wire.getNCount()) {
            problems.add(metric + ": a sketch has " + wire.getKCount() + " keys but " + wire.getNCount() + " counts");
        }
        List<Bin> list = new ArrayList<>(bins);
        for (int i = 0; i < bins; i++) {
            list.add(new Bin(wire.getK(i), Integer.toUnsignedLong(wire.getN(i))));
        }
        return new SketchPoint(
                wire.getTs(),
                wire.getCnt(),
                wire.getMin(),
                wire.getMax(),
                wire.getAvg(),
                wire.getSum(),
                List.copyOf(list));
    }
}
