package io.dogsled.cli;

import io.dogsled.cli.ReplayPart.Kind;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.PayloadDecoder;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A whole dead letter: one request body as the intake takes it. Immutable. */
final class ReplayLetter {
    private final String id;
    private final Kind kind;
    private final byte[] body;

    /** {@code body}: deflated, with a checksum at its end; handed over. */
    ReplayLetter(String id, Kind kind, byte[] body) {
        this.id = id;
        this.kind = kind;
        this.body = body;
    }

    String id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    /** Not to be written to. */
    byte[] body() {
        return body;
    }

    /** The headers that say what the body is. */
    Map<String, String> headers() {
        return Map.of("Content-Type", kind.contentType(), "Content-Encoding", "deflate");
    }

    /** What keeps it from being sent, as a part of a sentence; {@code ""} = nothing. */
    String problem() {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(body);
            byte[] buffer = new byte[1 << 16];
            while (!inflater.finished()) {
                if (inflater.inflate(buffer) == 0 && !inflater.finished()) {
                    return "its data is cut off";
                }
            }
            return inflater.getRemaining() == 0 ? "" : "there is something behind its data";
        } catch (DataFormatException e) {
            return "its data is not what was written";
        } finally {
            inflater.end();
        }
    }

    DecodedPayload decoded() {
        return PayloadDecoder.decode(kind.path(), headers(), body);
    }

    /** One line per series, sketch, event or check and per point. */
    String text() {
        return PayloadDecoder.text(kind.path(), headers(), body);
    }

    /** The times of its points, events and checks, in seconds since the epoch. */
    static LongSummaryStatistics times(DecodedPayload decoded) {
        LongStream points = decoded.series().stream()
                .flatMap(series -> series.points().stream())
                .mapToLong(DecodedPayload.Point::timestampS);
        LongStream sketches = decoded.sketches().stream()
                .flatMap(sketch -> sketch.points().stream())
                .mapToLong(DecodedPayload.SketchPoint::timestampS);
        LongStream events = decoded.events().stream().mapToLong(DecodedPayload.Event::timestampS);
        LongStream checks = decoded.checks().stream().mapToLong(DecodedPayload.Check::timestampS);
        return LongStream.concat(LongStream.concat(points, sketches), LongStream.concat(events, checks))
                .summaryStatistics();
    }
}
