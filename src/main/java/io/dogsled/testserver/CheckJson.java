package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.DecodedPayload.Check;

/**
 * Reads {@code /api/v1/check_run}; {@code tags} may be null, a single check may stand without the list.
 *
 * <pre>
 * [{"check":"app.ok","host_name":"h","timestamp":1,"status":0,"message":"","tags":["a:b"]}]
 * </pre>
 */
final class CheckJson {
    private CheckJson() {}

    static void read(byte[] plain, PayloadDecoder.Parts parts) {
        JsonNode root = JsonTree.parse(plain, parts.problems);
        if (root.isObject()) {
            add(root, parts);
        } else if (root.isArray()) {
            root.forEach(node -> add(node, parts));
        } else if (!root.isMissingNode()) {
            parts.problems.add("the body is not a list of checks");
        }
    }

    private static void add(JsonNode node, PayloadDecoder.Parts parts) {
        Check check = new Check(
                JsonTree.text(node, "check"),
                JsonTree.text(node, "host_name"),
                node.path("timestamp").asLong(),
                node.path("status").asInt(-1),
                JsonTree.text(node, "message"),
                JsonTree.texts(node.path("tags")));
        parts.checks.add(check);
        if (check.name().isEmpty()) {
            parts.problems.add("a check has no name");
        }
        if (check.status() < 0 || check.status() > 3) {
            parts.problems.add(check.name() + ": the status " + check.status() + " is not 0 to 3");
        }
    }
}
