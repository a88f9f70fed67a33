package io.dogsled.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The conformance cases of {@code src/test/resources/cases}: {@code dogstatsd.json}, {@code peers.json} and
 * {@code extension.json}, copied unchanged; {@code deviations.json} with our answer where a decision differs; {@code pending.json} with what nothing runs
 * yet.
 */
public final class Cases {
    /** What the areas of {@code extension.json} begin with; the prefix of the ids follows. */
    static final String EXTENSION = "extension.";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, JsonNode> DEVIATIONS = deviations();
    private static final List<Case> ALL = load();

    private Cases() {}

    /** Every case of the three files, in their order. */
    public static List<Case> all() {
        return ALL;
    }

    /** The case of that id, for a case that builds on another. */
    public static Case byId(String id) {
        for (Case candidate : ALL) {
            if (candidate.id().equals(id)) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("no case " + id);
    }

    /** Whether a set of areas and ids names the case. */
    static boolean names(Set<String> areasAndIds, Case candidate) {
        return areasAndIds.contains(candidate.area()) || areasAndIds.contains(candidate.id());
    }

    /** A file of {@code src/test/resources/cases}. */
    static JsonNode read(String file) {
        try (InputStream stream = Cases.class.getResourceAsStream("/cases/" + file)) {
            return JSON.readTree(Objects.requireNonNull(stream, file));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    private static Map<String, JsonNode> deviations() {
        Map<String, JsonNode> byId = new HashMap<>();
        for (JsonNode entry : read("deviations.json")) {
            byId.put(entry.get("id").asText(), entry.get("ours"));
        }
        return byId;
    }

    private static List<Case> load() {
        List<Case> cases = new ArrayList<>();
        for (JsonNode entry : read("dogstatsd.json")) {
            cases.add(of(entry, entry.get("area").asText(), entry.get("expect")));
        }
        for (JsonNode entry : read("peers.json")) {
            cases.add(of(entry, peerArea(entry.get("input")), entry.get("dogstatsd")));
        }
        for (JsonNode entry : read("extension.json")) {
            cases.add(of(entry, EXTENSION + entry.get("id").asText().split("-", 2)[0], entry.get("then")));
        }
        return List.copyOf(cases);
    }

    private static Case of(JsonNode entry, String area, JsonNode expect) {
        String id = entry.get("id").asText();
        return new Case(
                id,
                area,
                entry.has("input") ? entry.get("input") : entry.get("when"),
                DEVIATIONS.getOrDefault(id, expect));
    }

    private static String peerArea(JsonNode input) {
        if (input.isTextual()) {
            return "peers.line";
        }
        if (input.isArray()) {
            return "peers.sequence";
        }
        return input.has("escape") ? "peers.escape" : "peers.mapper";
    }
}
