package io.dogsled.testserver;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1.1 and HTTP/1.0 requests off one connection. It is stricter than most servers where two readers could
 * disagree about where a body ends (RFC 9112 §6.3), because it is the judge of our own client. Owned by the connection's
 * thread.
 *
 * <pre>
 * POST /api/v2/series?x=1 HTTP/1.1 CRLF      method SP target SP version
 * Content-Length: 3 CRLF                     name ":" value, no space before the colon, no folding
 * CRLF
 * abc                                        exactly Content-Length bytes, or chunks: see {@link BodyReader}
 * </pre>
 */
final class RequestReader {
    static final int MAX_LINE_BYTES = 16 * 1024;
    static final int MAX_HEADERS = 128;

    private final InputStream in;

    RequestReader(InputStream in) {
        this.in = new BufferedInputStream(in, 16 * 1024);
    }

    /** Waits for the first byte of the next request; false if the client has closed the connection instead. */
    boolean awaitRequest() throws IOException {
        in.mark(1);
        int first = in.read();
        while (first == '\r' || first == '\n') {
            in.mark(1);
            first = in.read();
        }
        if (first < 0) {
            return false;
        }
        in.reset();
        return true;
    }

    /** Reads bytes and throws them away until the client closes its side or the socket is closed. */
    void discardUntilClosed() throws IOException {
        byte[] bin = new byte[4096];
        int n = in.read(bin);
        while (n >= 0) {
            n = in.read(bin);
        }
    }

    RequestHead readHead() throws IOException, MalformedRequest {
        String[] parts = readLine().split(" ", -1);
        if (parts.length != 3 || !isToken(parts[0]) || parts[1].isEmpty()) {
            throw new MalformedRequest("The request line is not \"method target version\".");
        }
        boolean http10 = parts[2].equals("HTTP/1.0");
        if (!http10 && !parts[2].equals("HTTP/1.1")) {
            throw new MalformedRequest(505, "The version is neither HTTP/1.1 nor HTTP/1.0.");
        }
        String target = originForm(parts[1]);
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        RequestHead head = new RequestHead(parts[0], path, query, http10, readHeaders());
        if (!http10 && head.values("Host").size() != 1) {
            throw new MalformedRequest("An HTTP/1.1 request needs exactly one Host header.");
        }
        return head;
    }

    /** Reads the whole body; {@code goOn} is called once before the first byte is waited for. */
    byte[] readBody(RequestHead head, Interim goOn) throws IOException, MalformedRequest {
        return new BodyReader(this, in).read(head, goOn);
    }

    /** One line without its end; a bare LF ends it too (RFC 9112 §2.2). */
    String readLine() throws IOException, MalformedRequest {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        int b = in.read();
        while (b != '\n') {
            if (b < 0) {
                throw new EOFException("the client closed the connection in the middle of a request");
            }
            if (line.size() == MAX_LINE_BYTES) {
                throw new MalformedRequest(431, "A line of the request head is longer than 16 KiB.");
            }
            line.write(b);
            b = in.read();
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private Map<String, List<String>> readHeaders() throws IOException, MalformedRequest {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        int count = 0;
        String line = readLine();
        while (!line.isEmpty()) {
            if (++count > MAX_HEADERS) {
                throw new MalformedRequest(431, "The request has more than " + MAX_HEADERS + " headers.");
            }
            int colon = line.indexOf(':');
            if (colon < 0 || !isToken(line.substring(0, colon))) {
                throw new MalformedRequest("A header line is not \"name: value\".");
            }
            String name = RequestHead.canonicalName(line.substring(0, colon));
            headers.computeIfAbsent(name, absent -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
            line = readLine();
        }
        return headers;
    }

    /** {@code http://host/path} as sent to a proxy becomes {@code /path}. */
    private static String originForm(String target) {
        if (!target.startsWith("http://") && !target.startsWith("https://")) {
            return target;
        }
        int slash = target.indexOf('/', target.indexOf("://") + 3);
        return slash < 0 ? "/" : target.substring(slash);
    }

    private static boolean isToken(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Says {@code 100 Continue}, or nothing. */
    interface Interim {
        void send() throws IOException;
    }
}
