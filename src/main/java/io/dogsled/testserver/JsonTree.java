package io.dogsled.testserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Lenient reading of JSON: an absent or null field reads as "", 0 or an empty list. */
final class JsonTree {
    static final ObjectMapper MAPPER = new ObjectMapper();

    /** Where a bracket was opened, in the parser's own terms. */
    private static final Pattern LOCATION = Pattern.compile(" \\(start marker at [^)]*\\)|\\s*\\n.*", Pattern.DOTALL);

    private JsonTree() {}

    /** The tree, or a missing node and a sentence in {@code problems}. */
    static JsonNode parse(byte[] plain, List<String> problems) {
        try {
            return MAPPER.readTree(plain);
        } catch (JsonProcessingException e) {
            problems.add("the body is not JSON: "
                    + LOCATION.matcher(e.getOriginalMessage()).replaceAll(""));
        } catch (IOException e) {
            problems.add("the body is not JSON: " + e.getMessage());
        }
        return MissingNode.getInstance();
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
