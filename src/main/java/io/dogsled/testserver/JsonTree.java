package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lenient reading of JSON: an absent or null field reads as "", 0 or an empty list. */
final class JsonTree {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonTree() {}

    /** The tree, or a missing node and a sentence in {@code problems}. */
    static JsonNode parse(byte[] plain, List<String> problems) {
        try {
            return MAPPER.readTree(plain);
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            int lineEnd = reason.indexOf('\n');
            problems.add("the body is not JSON: " + (lineEnd < 0 ? reason : reason.substring(0, lineEnd)));
            return MissingNode.getInstance();
        }
    }

    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isNull() ? "" : value.asText("");
    }

    static List<String> texts(JsonNode array) {
        List<String> list = new ArrayList<>();
        for (JsonNode element : array) {
            list.add(element.asText());
        }
        return List.copyOf(list);
    }
}
