package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads what an intake would read out of a request: compression, protobuf, JSON. Written against the published formats
 * with generated protobuf classes and shares no code with the extension's encoders, so that a mistake in one of the two
 * shows. Stateless; any thread.
 */
public final class PayloadDecoder {
    private PayloadDecoder() {}

    /**
     * Decodes a request body. Never throws: what cannot be read is a sentence in {@link DecodedPayload#problems()}.
     *
     * @param path as {@code /api/v2/series}; it decides what the body is
     * @param headers names in any case; {@code Content-Type} and {@code Content-Encoding} are looked at
     * @param body as received
     */
    public static DecodedPayload decode(String path, Map<String, String> headers, byte[] body) {
        Kind kind = IntakeRoute.kind(path);
        Parts parts = new Parts();
        if (kind == Kind.OTHER) {
            return parts.payload(kind);
        }
        byte[] plain = ContentCoding.undo(header(headers, "Content-Encoding"), body, parts.problems);
        if (plain.length == 0) {
            parts.problems.add("there is nothing to decode");
            return parts.payload(kind);
        }
        boolean json = isJson(header(headers, "Content-Type"), plain);
        switch (kind) {
            case SERIES -> {
                if (json) {
                    SeriesJson.read(plain, parts);
                } else {
                    SeriesProtobuf.read(plain, parts);
                }
            }
            case SKETCHES -> SketchProtobuf.read(plain, parts);
            case EVENTS -> EventJson.read(plain, parts);
            case CHECKS -> CheckJson.read(plain, parts);
            case OTHER -> {}
        }
        return parts.payload(kind);
    }

    /**
     * The readable twin of a payload: one line per series, sketch, event or check, indented lines for its points, in the
     * order of the wire, then the problems. Stable: the same bytes give the same text on every machine. The format is
     * described at {@code PayloadText}.
     */
    public static String text(String path, Map<String, String> headers, byte[] body) {
        return PayloadText.of(path, decode(path, headers, body));
    }

    private static boolean isJson(String contentType, byte[] plain) {
        return contentType.toLowerCase(Locale.ROOT).contains("json")
                || (contentType.isEmpty() && (plain[0] == '{' || plain[0] == '['));
    }

    private static String header(Map<String, String> headers, String name) {
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return "";
    }

    /** What the decoders of the formats fill. */
    static final class Parts {
        final List<DecodedPayload.Series> series = new ArrayList<>();
        final List<DecodedPayload.Sketch> sketches = new ArrayList<>();
        final List<DecodedPayload.Event> events = new ArrayList<>();
        final List<DecodedPayload.Check> checks = new ArrayList<>();
        final List<String> problems = new ArrayList<>();

        DecodedPayload payload(Kind kind) {
            return new DecodedPayload(
                    kind,
                    List.copyOf(series),
                    List.copyOf(sketches),
                    List.copyOf(events),
                    List.copyOf(checks),
                    List.copyOf(problems));
        }
    }
}
