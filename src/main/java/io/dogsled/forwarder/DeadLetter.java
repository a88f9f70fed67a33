package io.dogsled.forwarder;

import io.dogsled.serializer.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * One payload as lines of a log, each short enough to stay one event in CloudWatch Logs, which takes 256 KB (rulings.md
 * 14). The body is deflated as it would be sent, with a checksum at its end (RFC 1950), and cut at multiples of three
 * bytes, so that the Base64 texts of the parts one after the other are the Base64 of the whole.
 *
 * <pre>
 * DOGSLED deadletter {"id":"9f86d081884c7d65-3","part":1,"parts":2,"kind":"series","encoding":"deflate","data":"eJzt…"}
 *                           ^ random for a life  ^ from 1        ^ series, sketches, events, checks
 *                                            ^ number of the letter in it
 * </pre>
 */
final class DeadLetter {
    static final int MAX_LINE_BYTES = 200_000;

    /** Of a body in one line: four characters for three bytes, and room for the rest of the line. */
    static final int PART_BYTES = 147_000;

    private final List<byte[]> lines = new ArrayList<>();
    private final long sizeBytes;

    /** {@code payload}: deflated, not empty. */
    DeadLetter(String id, Payload payload) {
        byte[] body = payload.body();
        int parts = (body.length + PART_BYTES - 1) / PART_BYTES;
        long size = 0;
        for (int part = 1; part <= parts; part++) {
            int from = (part - 1) * PART_BYTES;
            byte[] data = Arrays.copyOfRange(body, from, Math.min(body.length, from + PART_BYTES));
            byte[] line = line(id, part, parts, word(payload.kind()), data);
            lines.add(line);
            size += line.length;
        }
        this.sizeBytes = size;
    }

    /** Each ends in a line feed. */
    List<byte[]> lines() {
        return lines;
    }

    /** All lines together. */
    long sizeBytes() {
        return sizeBytes;
    }

    private static byte[] line(String id, int part, int parts, String kind, byte[] data) {
        StringBuilder line = new StringBuilder(data.length / 3 * 4 + 160);
        line.append("DOGSLED deadletter {\"id\":\"").append(id);
        line.append("\",\"part\":").append(part).append(",\"parts\":").append(parts);
        line.append(",\"kind\":\"").append(kind).append("\",\"encoding\":\"deflate\",\"data\":\"");
        line.append(Base64.getEncoder().encodeToString(data)).append("\"}\n");
        return line.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String word(Payload.Kind kind) {
        return switch (kind) {
            case SERIES -> "series";
            case SKETCHES -> "sketches";
            case EVENTS -> "events";
            case CHECKS -> "checks";
        };
    }
}
