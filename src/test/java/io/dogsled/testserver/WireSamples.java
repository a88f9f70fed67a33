package io.dogsled.testserver;

import io.dogsled.testserver.wire.Dogsketch;
import io.dogsled.testserver.wire.Metadata;
import io.dogsled.testserver.wire.MetricPayload;
import io.dogsled.testserver.wire.MetricPoint;
import io.dogsled.testserver.wire.MetricSeries;
import io.dogsled.testserver.wire.MetricType;
import io.dogsled.testserver.wire.Origin;
import io.dogsled.testserver.wire.Resource;
import io.dogsled.testserver.wire.Sketch;
import io.dogsled.testserver.wire.SketchPayload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Payload bytes for the tests of this room, made with the generated classes. */
final class WireSamples {
    static final Map<String, String> PROTOBUF = Map.of("Content-Type", "application/x-protobuf");
    static final Map<String, String> DEFLATED =
            Map.of("content-type", "application/x-protobuf", "content-encoding", "deflate");

    private WireSamples() {}

    static MetricSeries series(String metric, MetricType type, long timestampS, double value, String... tags) {
        return MetricSeries.newBuilder()
                .setMetric(metric)
                .addAllTags(List.of(tags))
                .setType(type)
                .setInterval(10)
                .addResources(Resource.newBuilder().setType("host"))
                .addPoints(MetricPoint.newBuilder().setTimestamp(timestampS).setValue(value))
                .setMetadata(Metadata.newBuilder()
                        .setOrigin(Origin.newBuilder().setOriginProduct(1).setOriginCategory(38)))
                .build();
    }

    static byte[] series(MetricSeries... series) {
        return MetricPayload.newBuilder().addAllSeries(List.of(series)).build().toByteArray();
    }

    static Sketch sketch(String metric, long timestampS, List<Integer> keys, List<Integer> counts) {
        long cnt = counts.stream().mapToLong(Integer::longValue).sum();
        return Sketch.newBuilder()
                .setMetric(metric)
                .addTags("env:t")
                .addDogsketches(Dogsketch.newBuilder()
                        .setTs(timestampS)
                        .setCnt(cnt)
                        .setMin(1)
                        .setMax(3)
                        .setAvg(2)
                        .setSum(2.0 * cnt)
                        .addAllK(keys)
                        .addAllN(counts))
                .build();
    }

    static byte[] sketches(Sketch... sketches) {
        return SketchPayload.newBuilder()
                .addAllSketches(List.of(sketches))
                .build()
                .toByteArray();
    }

    static byte[] deflated(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream deflater = new DeflaterOutputStream(out)) {
            deflater.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static byte[] gzipped(byte[] plain) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }
}
