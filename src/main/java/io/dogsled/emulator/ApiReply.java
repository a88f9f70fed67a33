package io.dogsled.emulator;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** An answer of the platform before a {@link Fault} bends it; {@code errorType} is empty unless the answer is a refusal. */
record ApiReply(int status, Map<String, String> headers, String body, String errorType) {
    private static final String JSON = "application/json";

    static ApiReply json(int status, String body) {
        return new ApiReply(status, Map.of("Content-Type", JSON), body, "");
    }

    /** 202 as the error and response routes give it. */
    static ApiReply accepted() {
        return json(202, "{\"status\":\"OK\"}\n");
    }

    static ApiReply empty(int status) {
        return new ApiReply(status, Map.of(), "", "");
    }

    static ApiReply text(int status, String body) {
        return new ApiReply(status, Map.of("Content-Type", "text/plain; charset=utf-8"), body, "");
    }

    /** The platform's error object, newline-terminated. */
    static ApiReply error(int status, String errorType, String message) {
        String body = Json.object()
                        .put("errorMessage", message)
                        .put("errorType", errorType)
                        .toString()
                + "\n";
        return new ApiReply(status, Map.of("Content-Type", JSON), body, errorType);
    }

    static ApiReply forbidden(String errorType, String message) {
        return error(403, errorType, message);
    }

    ApiReply withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ApiReply(status, more, body, errorType);
    }

    ApiReply withoutHeader(String name) {
        Map<String, String> fewer = new LinkedHashMap<>(headers);
        fewer.remove(name);
        return new ApiReply(status, fewer, body, errorType);
    }

    ApiReply withBody(UnaryOperator<String> rewrite) {
        return new ApiReply(status, headers, rewrite.apply(body), errorType);
    }

    byte[] bodyBytes() {
        return body.getBytes(StandardCharsets.UTF_8);
    }
}
