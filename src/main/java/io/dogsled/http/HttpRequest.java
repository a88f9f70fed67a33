package io.dogsled.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request with a body of known length. Immutable: its arrays and lists are handed over and not changed any more. */
public final class HttpRequest {
    private final String method;
    private final String target;
    private final List<Header> headers;
    private final byte[] body;

    /**
     * @param target path and query, as they go out
     * @param headers all but {@code Host} and {@code Content-Length}
     * @throws IllegalArgumentException if a text would break the head into other lines
     */
    public HttpRequest(String method, String target, List<Header> headers, byte[] body) {
        requireUsable(method);
        requireUsable(target);
        for (Header header : headers) {
            requireUsable(header.name());
            requireUsable(header.value());
        }
        this.method = method;
        this.target = target;
        this.headers = headers;
        this.body = body;
    }

    public byte[] body() {
        return body;
    }

    /**
     * The bytes before the body.
     *
     * <pre>
     * POST /api/v2/series HTTP/1.1
     * Host: 127.0.0.1:40123
     * Content-Length: 512
     * DD-API-KEY: …
     *
     * </pre>
     *
     * @param proxy who hands the request on, and wants the whole address in its first line; null = nobody
     */
    byte[] head(String host, @Nullable Proxy proxy) {
        StringBuilder head = new StringBuilder(256);
        head.append(method).append(' ');
        if (proxy != null) {
            head.append("http://").append(host);
        }
        head.append(target).append(" HTTP/1.1\r\nHost: ");
        head.append(host).append("\r\nContent-Length: ").append(body.length).append("\r\n");
        if (proxy != null) {
            head.append(proxy.authorization());
        }
        for (Header header : headers) {
            head.append(header.name()).append(": ").append(header.value()).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void requireUsable(String text) {
        if (!Header.isUsable(text)) {
            throw new IllegalArgumentException("a control character or a letter beyond ASCII in a request's head");
        }
    }
}
