package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.DecodedPayload.Point;
import io.dogsled.testserver.DecodedPayload.Resource;
import io.dogsled.testserver.DecodedPayload.Series;
import io.dogsled.testserver.DecodedPayload.SeriesType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads series as JSON, in both versions.
 *
 * <pre>
 * v2  {"series":[{"metric":"m","type":1,"interval":10,"points":[{"timestamp":1,"value":2.0}],"tags":["a:b"],
 *                 "resources":[{"type":"host","name":"h"}],"metadata":{"origin":{…}}}]}
 * v1  {"series":[{"metric":"m","type":"count","interval":10,"points":[[1,2.0]],"tags":["a:b"],"host":"h","device":"d"}]}
 * </pre>
 */
final class SeriesJson {
    private SeriesJson() {}

    static void read(byte[] plain, PayloadDecoder.Parts parts) {
        JsonNode root = JsonTree.parse(plain, parts.problems);
        if (!root.path("series").isArray()) {
            parts.problems.add("the body has no list \"series\"");
            return;
        }
        for (JsonNode node : root.path("series")) {
            Series series = new Series(
                    JsonTree.text(node, "metric"),
                    JsonTree.texts(node.path("tags")),
                    type(node.path("type")),
                    node.path("interval").asLong(),
                    resources(node),
                    points(node.path("points")),
                    JsonTree.text(node, "source_type_name"),
                    JsonTree.text(node, "unit"),
                    origin(node.path("metadata").path("origin")));
            parts.series.add(series);
            Suspicion.series(series, parts.problems);
        }
    }

    private static SeriesType type(JsonNode type) {
        return switch (type.asText("").toLowerCase(Locale.ROOT)) {
            case "1", "count" -> SeriesType.COUNT;
            case "2", "rate" -> SeriesType.RATE;
            case "3", "gauge" -> SeriesType.GAUGE;
            default -> SeriesType.UNSPECIFIED;
        };
    }

    private static List<Resource> resources(JsonNode series) {
        List<Resource> resources = new ArrayList<>();
        for (JsonNode resource : series.path("resources")) {
            resources.add(new Resource(JsonTree.text(resource, "type"), JsonTree.text(resource, "name")));
        }
        for (String v1Field : List.of("host", "device")) {
            if (!JsonTree.text(series, v1Field).isEmpty()) {
                resources.add(new Resource(v1Field, JsonTree.text(series, v1Field)));
            }
        }
        return List.copyOf(resources);
    }

    private static List<Point> points(JsonNode array) {
        List<Point> points = new ArrayList<>();
        for (JsonNode point : array) {
            JsonNode timestamp = point.isArray() ? point.path(0) : point.path("timestamp");
            JsonNode value = point.isArray() ? point.path(1) : point.path("value");
            points.add(new Point(timestamp.asLong(), value.isNumber() ? value.asDouble() : Double.NaN));
        }
        return List.copyOf(points);
    }

    private static String origin(JsonNode origin) {
        if (!origin.isObject()) {
            return "";
        }
        return number(origin, "origin_product", "product")
                + "/"
                + number(origin, "origin_sub_product", "origin_category")
                + "/"
                + number(origin, "origin_product_detail", "service");
    }

    private static long number(JsonNode object, String field, String otherName) {
        return object.path(object.has(field) ? field : otherName).asLong();
    }
}
