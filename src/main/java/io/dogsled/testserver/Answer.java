package io.dogsled.testserver;

import java.util.LinkedHashMap;
import java.util.Map;

/** A complete answer; the body is left out when the status forbids one. */
record Answer(int status, Map<String, String> headers, String body) {

    /** What a client gets for something that is not a request, or for a code that cannot be answered. */
    static Answer diagnostic(int status, String sentence) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "text/plain; charset=utf-8");
        return new Answer(status, headers, sentence + "\n");
    }

    static Answer json(int status, String json) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        return new Answer(status, headers, json);
    }

    static Answer empty(int status) {
        return new Answer(status, new LinkedHashMap<>(), "");
    }
}
