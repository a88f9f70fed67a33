package io.dogsled.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What the intake answered: the status, the headers, and the beginning of the body, for a log line. Immutable. */
public final class HttpResponse {
    private final int status;
    private final List<Header> headers;
    private final byte[] body;

    HttpResponse(int status, List<Header> headers, byte[] body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** 200 to 599: informational answers are skipped. */
    public int status() {
        return status;
    }

    /** The first value of a header, its name in any case; {@code ""} if there is none. */
    public String header(String name) {
        return valueOf(headers, name);
    }

    /** The beginning of the body as text, at most {@value AnswerBody#KEPT_BYTES} bytes of it. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    static String valueOf(List<Header> headers, String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value();
            }
        }
        return "";
    }
}
