package io.dogsled.testserver;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One accepted (2xx) request as it came. Immutable but for the decoded view, which is made once, on first demand. Any
 * thread.
 */
public final class ReceivedPayload {
    private final RequestHead head;
    private final Map<String, String> headers;
    private final byte[] body;
    private final Instant receivedAt;
    private final int status;
    private volatile @Nullable DecodedPayload decoded;

    ReceivedPayload(RequestHead head, byte[] body, Instant receivedAt, int status) {
        this.head = head;
        this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(head.lastValues()));
        this.body = body;
        this.receivedAt = receivedAt;
        this.status = status;
    }

    public String method() {
        return head.method();
    }

    /** The path without the query. */
    public String path() {
        return head.path();
    }

    /** What followed the {@code ?}, or "". */
    public String query() {
        return head.query();
    }

    /** Header names in Go's canonical form ({@code Dd-Api-Key}); of several values of one name the last. */
    public Map<String, String> headers() {
        return headers;
    }

    /** One header by its name in any case, or "". */
    public String header(String name) {
        return headers.getOrDefault(RequestHead.canonicalName(name), "");
    }

    /** The body as received, still compressed if it came so; a copy. */
    public byte[] body() {
        return body.clone();
    }

    public int sizeBytes() {
        return body.length;
    }

    /** When the request head had been read, by the wall clock. */
    public Instant receivedAt() {
        return receivedAt;
    }

    /** The 2xx that was answered. */
    public int status() {
        return status;
    }

    /** What it says; never throws, what cannot be read is a {@linkplain DecodedPayload#problems() problem}. */
    public DecodedPayload decoded() {
        @Nullable DecodedPayload known = decoded;
        if (known == null) {
            known = PayloadDecoder.decode(path(), headers, body);
            decoded = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return method() + " " + path() + " " + status + " (" + body.length + " bytes)";
    }
}
