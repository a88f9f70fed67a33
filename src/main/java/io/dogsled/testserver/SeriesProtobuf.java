package io.dogsled.testserver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.dogsled.testserver.DecodedPayload.Point;
import io.dogsled.testserver.DecodedPayload.Resource;
import io.dogsled.testserver.DecodedPayload.Series;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import io.dogsled.testserver.wire.Metadata;
import io.dogsled.testserver.wire.MetricPayload;
import io.dogsled.testserver.wire.MetricSeries;
import io.dogsled.testserver.wire.MetricType;

/** Reads {@code /api/v2/series} as protobuf ({@code MetricPayload}, src/main/protobuf/agent_payload.proto). */
final class SeriesProtobuf {
    private SeriesProtobuf() {}

    static void read(byte[] plain, PayloadDecoder.Parts parts) {
        MetricPayload payload;
        try {
            payload = MetricPayload.parseFrom(plain);
        } catch (InvalidProtocolBufferException e) {
            parts.problems.add("the body is not a MetricPayload: " + e.getMessage());
            return;
        }
        for (MetricSeries wire : payload.getSeriesList()) {
            Series series = series(wire);
            parts.series.add(series);
            Suspicion.series(series, parts.problems);
            Suspicion.utf8(series.metric(), series.tags(), plain, parts.problems);
        }
    }

    private static Series series(MetricSeries wire) {
        return new Series(
                wire.getMetric(),
                wire.getTagsList(),
                type(wire.getType()),
                wire.getInterval(),
                wire.getResourcesList().stream()
                        .map(r -> new Resource(r.getType(), r.getName()))
                        .toList(),
                wire.getPointsList().stream()
                        .map(p -> new Point(p.getTimestamp(), p.getValue()))
                        .toList(),
                wire.getSourceTypeName(),
                wire.getUnit(),
                wire.hasMetadata() ? origin(wire.getMetadata()) : "");
    }

    private static SeriesType type(MetricType type) {
        return switch (type) {
            case COUNT -> SeriesType.COUNT;
            case RATE -> SeriesType.RATE;
            case GAUGE -> SeriesType.GAUGE;
            case UNSPECIFIED, UNRECOGNIZED -> SeriesType.UNSPECIFIED;
        };
    }

    /** {@code product/category/service}, with {@code /metric_type} if it is given; "" without an origin. */
    static String origin(Metadata metadata) {
        if (!metadata.hasOrigin()) {
            return "";
        }
        var origin = metadata.getOrigin();
        String text = origin.getOriginProduct() + "/" + origin.getOriginCategory() + "/" + origin.getOriginService();
        return origin.getMetricType() == 0 ? text : text + "/" + origin.getMetricType();
    }
}
