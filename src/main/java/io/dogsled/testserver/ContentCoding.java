package io.dogsled.testserver;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Undoes {@code Content-Encoding}: identity, deflate (which is zlib, RFC 9110 §8.4.1.2) and gzip. */
final class ContentCoding {
    /** More than any intake takes uncompressed (62 MiB); a bound against decompression bombs. */
    private static final int MAX_DECODED_BYTES = 64 * 1024 * 1024;

    private ContentCoding() {}

    /** The body without its coding; empty, with a sentence in {@code problems}, if it cannot be undone. */
    static byte[] undo(String coding, byte[] body, List<String> problems) {
        try {
            return switch (coding.strip().toLowerCase(Locale.ROOT)) {
                case "", "identity" -> body;
                case "deflate" -> inflate(body, problems);
                case "gzip" -> bounded(new GZIPInputStream(new ByteArrayInputStream(body)));
                case "zstd" -> refused("Content-Encoding zstd is not supported by this test server", problems);
                default -> refused("Content-Encoding " + coding + " is unknown", problems);
            };
        } catch (IOException e) {
            return refused("the body is not valid " + coding + ": " + e.getMessage(), problems);
        }
    }

    private static byte[] inflate(byte[] body, List<String> problems) throws IOException {
        Inflater inflater = new Inflater();
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(body), inflater)) {
            byte[] plain = bounded(in);
            if (inflater.getBytesRead() != body.length) {
                problems.add((body.length - inflater.getBytesRead()) + " bytes follow the end of the zlib stream");
            }
            return plain;
        } finally {
            inflater.end();
        }
    }

    private static byte[] bounded(InputStream in) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        int n = in.read(buffer);
        while (n >= 0) {
            plain.write(buffer, 0, n);
            if (plain.size() > MAX_DECODED_BYTES) {
                throw new IOException("it is longer than 64 MiB when decompressed");
            }
            n = in.read(buffer);
        }
        return plain.toByteArray();
    }

    private static byte[] refused(String problem, List<String> problems) {
        problems.add(problem);
        return new byte[0];
    }
}
