package io.dogsled.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Writes an answer in one of the shapes that HTTP/1.1 allows.
 *
 * <pre>
 * HTTP/1.1 200 OK CRLF
 * Content-Type: application/json CRLF    names as given, or all lower or upper case
 * Content-Length: 17 CRLF                or Transfer-Encoding: chunked
 * CRLF
 * {"status":"OK"}LF
 * </pre>
 */
final class ReplyWriter {
    private static final int SEGMENT_BYTES = 11;
    private static final int CHUNK_BYTES = 7;

    private ReplyWriter() {}

    /** Writes and flushes; true if the connection stays usable. */
    static boolean write(OutputStream out, ApiReply reply, Fault.Wire wire, boolean clientCloses) throws IOException {
        boolean close = clientCloses || wire == Fault.Wire.CLOSE;
        byte[] body = reply.bodyBytes();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + body.length);
        ascii(bytes, "HTTP/1.1 " + reply.status() + " " + reason(reply.status()) + "\r\n");
        for (Map.Entry<String, String> header : reply.headers().entrySet()) {
            ascii(bytes, name(header.getKey(), wire) + ": " + header.getValue() + "\r\n");
        }
        if (close) {
            ascii(bytes, name("Connection", wire) + ": close\r\n");
        }
        if (wire == Fault.Wire.CHUNKED) {
            ascii(bytes, "Transfer-Encoding: chunked\r\n\r\n");
            chunks(bytes, body);
        } else {
            ascii(bytes, name("Content-Length", wire) + ": " + body.length + "\r\n\r\n");
            bytes.write(body);
        }
        if (wire == Fault.Wire.SPLIT) {
            inSegments(out, bytes.toByteArray());
        } else {
            bytes.writeTo(out);
            out.flush();
        }
        return !close;
    }

    private static void chunks(ByteArrayOutputStream bytes, byte[] body) {
        for (int at = 0; at < body.length; at += CHUNK_BYTES) {
            int length = Math.min(CHUNK_BYTES, body.length - at);
            ascii(bytes, Integer.toHexString(length) + "\r\n");
            bytes.write(body, at, length);
            ascii(bytes, "\r\n");
        }
        ascii(bytes, "0\r\n\r\n");
    }

    private static void inSegments(OutputStream out, byte[] bytes) throws IOException {
        for (int at = 0; at < bytes.length; at += SEGMENT_BYTES) {
            out.write(bytes, at, Math.min(SEGMENT_BYTES, bytes.length - at));
            out.flush();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String name(String name, Fault.Wire wire) {
        return switch (wire) {
            case LOWER_CASE -> name.toLowerCase(Locale.ROOT);
            case UPPER_CASE -> name.toUpperCase(Locale.ROOT);
            default -> name;
        };
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Request Entity Too Large";
            case 500 -> "Internal Server Error";
            default -> "Status";
        };
    }

    private static void ascii(ByteArrayOutputStream bytes, String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
