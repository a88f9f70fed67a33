package io.dogsled.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * One dead letter line: a part of a payload that an engine could not deliver.
 *
 * <pre>
 * DOGSLED deadletter {"id":"9f86d081884c7d65-3","part":1,"parts":2,"kind":"series","encoding":"deflate","data":"eJzt…"}
 * </pre>
 *
 * @param part from 1 to {@code parts}
 * @param data this part of the deflated body, in Base64
 */
record ReplayPart(String id, int part, int parts, Kind kind, String data) {
    private static final int MAX_PARTS = 10_000;
    private static final int MAX_ID = 200;
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** What a letter holds, and so where it goes. */
    enum Kind {
        SERIES("/api/v2/series", "application/x-protobuf"),
        SKETCHES("/api/beta/sketches", "application/x-protobuf"),
        EVENTS("/intake/", "application/json"),
        CHECKS("/api/v1/check_run", "application/json");

        private final String path;
        private final String contentType;

        Kind(String path, String contentType) {
            this.path = path;
            this.contentType = contentType;
        }

        /** Behind the intake's base address. */
        String path() {
            return path;
        }

        String contentType() {
            return contentType;
        }

        /** Whether a second delivery would be counted a second time. */
        boolean addsUp() {
            return this == SKETCHES || this == EVENTS;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Kind> of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Reads the JSON object behind the marker.
     *
     * @throws IllegalArgumentException if it is damaged, with what is wrong as a part of a sentence
     */
    static ReplayPart parse(String json) {
        JsonNode node;
        try {
            node = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        }
        String id = node.path("id").asText("");
        int part = node.path("part").asInt(0);
        int parts = node.path("parts").asInt(0);
        if (id.isEmpty() || id.length() > MAX_ID || part < 1 || part > parts || parts > MAX_PARTS) {
            throw new IllegalArgumentException("its id or its part makes no sense");
        }
        Kind kind = Kind.of(node.path("kind").asText(""))
                .orElseThrow(() -> new IllegalArgumentException("its kind is not known"));
        if (!node.path("encoding").asText("").equals("deflate")) {
            throw new IllegalArgumentException("its encoding is not known");
        }
        ReplayPart read =
                new ReplayPart(id, part, parts, kind, node.path("data").asText(""));
        read.bytes();
        return read;
    }

    /**
     * This part of the deflated body.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    byte[] bytes() {
        try {
            return Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("its data is no Base64", e);
        }
    }
}
