package io.dogsled.testserver;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads one request body, by length or in chunks (RFC 9112 §6 and §7.1). A request that gives neither has no body.
 *
 * <pre>
 * 5;name=value CRLF     size in hex, extensions are ignored
 * hello CRLF
 * 0 CRLF
 * Trailer: x CRLF       trailers are read and dropped
 * CRLF
 * </pre>
 */
final class BodyReader {
    /** Far above what an intake takes (4 MiB); a bound, so that a wild client cannot take the machine's memory. */
    static final int MAX_BODY_BYTES = 64 * 1024 * 1024;

    private final RequestReader lines;
    private final InputStream in;

    BodyReader(RequestReader lines, InputStream in) {
        this.lines = lines;
        this.in = in;
    }

    byte[] read(RequestHead head, RequestReader.Interim goOn) throws IOException, MalformedRequest {
        List<String> lengths = head.values("Content-Length");
        List<String> codings = head.values("Transfer-Encoding");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty() || head.http10()) {
                throw new MalformedRequest(
                        "The length of the body is given in two ways, or in a way HTTP/1.0 has not.");
            }
            if (codings.size() != 1 || !codings.getFirst().equalsIgnoreCase("chunked")) {
                throw new MalformedRequest(501, "The only transfer coding known here is chunked.");
            }
            goOn.send();
            return chunks();
        }
        int length = length(lengths);
        if (length == 0) {
            return new byte[0];
        }
        goOn.send();
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException(
                    "the client closed the connection after " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    private static int length(List<String> values) throws MalformedRequest {
        if (values.isEmpty()) {
            return 0;
        }
        String text = values.getFirst();
        boolean agree = values.stream().allMatch(text::equals);
        if (!agree || text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedRequest("Content-Length is not one decimal number.");
        }
        if (text.length() > 9 || Integer.parseInt(text) > MAX_BODY_BYTES) {
            throw new MalformedRequest(413, "The body is longer than 64 MiB.");
        }
        return Integer.parseInt(text);
    }

    private byte[] chunks() throws IOException, MalformedRequest {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int size = chunkSize();
        while (size > 0) {
            if (body.size() + (long) size > MAX_BODY_BYTES) {
                throw new MalformedRequest(413, "The body is longer than 64 MiB.");
            }
            byte[] chunk = in.readNBytes(size);
            if (chunk.length < size) {
                throw new EOFException("the client closed the connection in the middle of a chunk");
            }
            body.writeBytes(chunk);
            if (!lines.readLine().isEmpty()) {
                throw new MalformedRequest("A chunk is longer than its size says.");
            }
            size = chunkSize();
        }
        for (int trailers = 0; !lines.readLine().isEmpty(); trailers++) {
            if (trailers == RequestReader.MAX_HEADERS) {
                throw new MalformedRequest(431, "The body has too many trailers.");
            }
        }
        return body.toByteArray();
    }

    private int chunkSize() throws IOException, MalformedRequest {
        String line = lines.readLine();
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        boolean hex = !digits.isEmpty() && digits.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128);
        if (!hex || digits.length() > 7) {
            throw new MalformedRequest("The size of a chunk is not a hexadecimal number of at most 7 digits.");
        }
        return Integer.parseInt(digits, 16);
    }
}
