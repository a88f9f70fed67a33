package io.dogsled.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.DeflaterOutputStream;

/** Dead letters as an engine writes them, put together here by hand. */
final class DeadLetterLines {
    private DeadLetterLines() {}

    static String line(String id, int part, int parts, String kind, String data) {
        return "DOGSLED deadletter {\"id\":\"" + id + "\",\"part\":" + part + ",\"parts\":" + parts + ",\"kind\":\""
                + kind + "\",\"encoding\":\"deflate\",\"data\":\"" + data + "\"}";
    }

    /** A letter in so many lines. */
    static List<String> lines(String id, int parts, String kind, String body) {
        byte[] deflated = deflated(body);
        List<String> lines = new ArrayList<>();
        for (int part = 1; part <= parts; part++) {
            byte[] data =
                    Arrays.copyOfRange(deflated, deflated.length * (part - 1) / parts, deflated.length * part / parts);
            lines.add(line(id, part, parts, kind, Base64.getEncoder().encodeToString(data)));
        }
        return lines;
    }

    /** A check in one line. */
    static String check(String id, String name) {
        return lines(id, 1, "checks", checkJson(name)).getFirst();
    }

    static String checkJson(String name) {
        return "[{\"check\":\"" + name + "\",\"host_name\":\"\",\"timestamp\":" + System.currentTimeMillis() / 1_000
                + ",\"status\":0,\"message\":\"\",\"tags\":[]}]";
    }

    private static byte[] deflated(String body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException impossible) {
            throw new java.io.UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }
}
