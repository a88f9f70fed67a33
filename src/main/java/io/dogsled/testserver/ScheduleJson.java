package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Schedules as JSON. A span has {@code from} and {@code to} (seconds as a number, or {@code "200ms"}; either may be left out)
 * and what happens: {@code fault} in the form of the command line, or the fields of {@link ScriptJson}.
 *
 * <pre>
 * {"clock":"first-request",                                     or "start", the default
 *  "spans":[{"from":10, "to":20, "fault":"500"},
 *           {"from":"30s", "to":"1m", "route":"/api/v2/series", "latencyMs":20, "latencyMaxMs":200},
 *           {"from":"70s", "to":"75s", "fault":"refuse"},
 *           {"from":"90s", "fault":"blackhole"}]}
 *
 * [ … ]                                                         the spans alone
 * </pre>
 */
final class ScheduleJson {
    private ScheduleJson() {}

    static Schedule parse(String text) {
        List<String> problems = new ArrayList<>();
        JsonNode root = JsonTree.parse(text.getBytes(StandardCharsets.UTF_8), problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("A scenario file is lines or JSON: " + problems.getFirst() + ".");
        }
        JsonNode spans = root.isArray() ? root : root.path("spans");
        if (!spans.isArray()) {
            throw new IllegalArgumentException("\"spans\" is missing, expected a list of spans.");
        }
        Schedule schedule = clock(root);
        int number = 0;
        for (JsonNode span : spans) {
            number++;
            try {
                schedule = schedule.with(span(span));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(ScheduleText.sentence("span " + number + ", " + span, e), e);
            }
        }
        return schedule;
    }

    private static Schedule clock(JsonNode root) {
        for (Map.Entry<String, JsonNode> field : root.properties()) {
            if (!field.getKey().equals("clock") && !field.getKey().equals("spans")) {
                throw new IllegalArgumentException(
                        "\"" + field.getKey() + "\" is not known, expected \"clock\" and \"spans\".");
            }
        }
        String clock = root.path("clock").asText("start");
        return switch (clock) {
            case "start" -> Schedule.empty();
            case "first-request" -> Schedule.empty().fromFirstRequest();
            default ->
                throw new IllegalArgumentException(
                        "\"clock\" is \"" + clock + "\", expected \"start\" or \"first-request\".");
        };
    }

    private static Schedule.Span span(JsonNode span) {
        if (!span.isObject()) {
            throw new IllegalArgumentException("expected an object");
        }
        ObjectNode rest = span.deepCopy();
        @Nullable Duration from = time(rest.remove("from"));
        @Nullable Duration to = time(rest.remove("to"));
        if (rest.isEmpty()) {
            throw new IllegalArgumentException("expected \"fault\" or the fields of a scenario");
        }
        if (rest.size() == 1 && rest.has("fault")) {
            return ScheduleText.span(rest.path("fault").asText(), from, to);
        }
        return new Schedule.Span(from == null ? Duration.ZERO : from, to, ScriptJson.scenario(rest));
    }

    private static @Nullable Duration time(@Nullable JsonNode value) {
        return value == null || value.isNull() ? null : ScheduleText.time(value.asText());
    }
}
