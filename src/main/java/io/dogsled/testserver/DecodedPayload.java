package io.dogsled.testserver;

import java.util.List;

/**
 * What a payload says, in plain records, in the order of the wire. {@code problems} are sentences about what a strict
 * intake would dislike or what could not be read; what could be read is there all the same.
 *
 * <p>Field meanings: agent-payload, proto/metrics/agent_payload.proto; Datadog's series and event JSON.
 */
public record DecodedPayload(
        Kind kind,
        List<Series> series,
        List<Sketch> sketches,
        List<Event> events,
        List<Check> checks,
        List<String> problems) {

    /** What the path says a payload is. */
    public enum Kind {
        SERIES,
        SKETCHES,
        EVENTS,
        CHECKS,
        /** Not an intake route; nothing is decoded. */
        OTHER
    }

    /** The type of a series. */
    public enum SeriesType {
        UNSPECIFIED,
        COUNT,
        RATE,
        GAUGE
    }

    /** One series; {@code intervalS} in seconds, 0 if not given. */
    public record Series(
            String metric,
            List<String> tags,
            SeriesType type,
            long intervalS,
            List<Resource> resources,
            List<Point> points,
            String sourceTypeName,
            String unit,
            String origin) {

        /** The name of the {@code host} resource, or "". */
        public String host() {
            for (Resource resource : resources) {
                if (resource.type().equals("host")) {
                    return resource.name();
                }
            }
            return "";
        }
    }

    /** A host, a device, or another thing that a series belongs to. */
    public record Resource(String type, String name) {}

    /** One value at a second since the epoch. */
    public record Point(long timestampS, double value) {}

    /** The sketches of one distribution. */
    public record Sketch(String metric, String host, List<String> tags, List<SketchPoint> points, String origin) {}

    /** One sketch at a second since the epoch: its bins and the exact summary beside them. */
    public record SketchPoint(
            long timestampS, long cnt, double min, double max, double avg, double sum, List<Bin> bins) {}

    /** {@code n} values whose key on the sketch's logarithmic axis is {@code k}. */
    public record Bin(int k, long n) {}

    /** An event; texts that were not given are "". */
    public record Event(
            String title,
            String text,
            long timestampS,
            String priority,
            String host,
            List<String> tags,
            String alertType,
            String aggregationKey,
            String sourceTypeName,
            String eventType) {}

    /** A service check; {@code status} 0 OK, 1 warning, 2 critical, 3 unknown. */
    public record Check(String name, String host, long timestampS, int status, String message, List<String> tags) {}
}
