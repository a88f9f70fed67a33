package io.dogsled.emulator;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP/1.1 request, read to its end.
 *
 * <pre>
 * POST /2020-01-01/extension/register HTTP/1.1 CRLF    method SP path SP version
 * Lambda-Extension-Name: dogsled CRLF                  field ":" value, names in any case
 * Content-Length: 33 CRLF                              or Transfer-Encoding: chunked, or no body
 * CRLF
 * {"events":["INVOKE","SHUTDOWN"]}
 * </pre>
 */
final class ApiRequest {
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final int MAX_BODY_BYTES = 32 * 1024 * 1024;

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;

    private ApiRequest(String method, String path, Map<String, String> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.headers = headers;
        this.body = body;
    }

    /**
     * Reads the next request of a connection.
     *
     * @param out gets {@code 100 Continue} when the client asks for it
     * @return empty at the end of the stream between two requests
     */
    static Optional<ApiRequest> read(InputStream in, OutputStream out) throws IOException {
        Optional<String> requestLine = readLine(in);
        if (requestLine.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = requestLine.get().split(" ", 3);
        if (parts.length != 3) {
            throw new IOException("not an HTTP request line: " + requestLine.get());
        }
        Map<String, String> headers = readHeaders(in);
        if ("100-continue".equalsIgnoreCase(headers.getOrDefault("expect", ""))) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        return Optional.of(new ApiRequest(parts[0], parts[1], headers, readBody(in, headers)));
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** The value of a header, empty if it is absent; the name in any case. */
    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    byte[] body() {
        return body;
    }

    boolean wantsClose() {
        return header("Connection").equalsIgnoreCase("close");
    }

    static Map<String, String> readHeaders(InputStream in) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        while (true) {
            String line = readLine(in).orElseThrow(EOFException::new);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).trim());
            }
        }
    }

    static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return readChunks(in);
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return readExactly(in, length);
    }

    /** A line without its end; empty at the end of the stream. */
    static Optional<String> readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        while (line.size() < MAX_HEAD_BYTES) {
            int b = in.read();
            if (b < 0) {
                return line.size() == 0 ? Optional.empty() : Optional.of(line.toString(StandardCharsets.ISO_8859_1));
            }
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
            }
            line.write(b);
        }
        throw new IOException("a header line longer than " + MAX_HEAD_BYTES + " bytes");
    }

    private static byte[] readChunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = readLine(in).orElseThrow(EOFException::new);
            int semicolon = size.indexOf(';');
            int length = Integer.parseInt((semicolon < 0 ? size : size.substring(0, semicolon)).trim(), 16);
            if (length == 0) {
                readHeaders(in);
                return body.toByteArray();
            }
            body.write(readExactly(in, length));
            readLine(in);
        }
    }

    private static byte[] readExactly(InputStream in, int length) throws IOException {
        if (length < 0 || length > MAX_BODY_BYTES) {
            throw new IOException("a body of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("body ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }
}
