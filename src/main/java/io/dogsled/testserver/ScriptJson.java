package io.dogsled.testserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.Scenario.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Scenarios as JSON. An object is one scenario, with any of these fields; a list plays its elements in order.
 *
 * <pre>
 * {"route":"/api/v2/series","times":5,          where (a path prefix) and how often; neither = everywhere, for ever
 *  "status":503, or [503,503,202]               "retryAfter":"5"   "body":"text"   "closeConnection":true
 *  "latencyMs":200, "latencyMaxMs":900          the second makes it a random time between the two
 *  "delayBeforeHeadersMs":1  "delayBeforeBodyMs":1  "delayMidBodyMs":1  "dripMs":1
 *  "cut":"before_reading"                       or before_answer, lose_answer, after_headers, mid_body, black_hole
 *  "fault":"503x5"}                             the form of the command line, alone
 *
 * {"clear":true}  {"serverLatencyMs":200}  {"closeIdleAfterMs":100}  {"closeIdle":true}  {"refuseMs":2000}
 * </pre>
 */
final class ScriptJson {
    private static final Map<String, BiFunction<Scenario, JsonNode, Scenario>> ASPECTS = Map.of(
            "times", (scenario, value) -> scenario.times(value.asInt(-1)),
            "status", (scenario, value) -> scenario.status(codes(value)),
            "retryAfter", (scenario, value) -> scenario.retryAfter(value.asText()),
            "body", (scenario, value) -> scenario.body(value.asText()),
            "delayBeforeHeadersMs", (scenario, value) -> scenario.delayBeforeHeaders(millis(value)),
            "delayBeforeBodyMs", (scenario, value) -> scenario.delayBeforeBody(millis(value)),
            "delayMidBodyMs", (scenario, value) -> scenario.delayMidBody(millis(value)),
            "dripMs", (scenario, value) -> scenario.drip(millis(value)),
            "cut", (scenario, value) -> scenario.cut(cut(value)),
            "closeConnection", (scenario, value) -> value.asBoolean() ? scenario.closeConnection() : scenario);

    private ScriptJson() {}

    /** Plays everything or, with one sentence in an {@link IllegalArgumentException}, nothing. */
    static void play(byte[] body, TestServer server) {
        List<String> problems = new ArrayList<>();
        JsonNode root = JsonTree.parse(body, problems);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("A script is a JSON object or list: " + problems.getFirst() + ".");
        }
        List<Runnable> steps = new ArrayList<>();
        for (JsonNode element : root.isArray() ? root : List.of(root)) {
            if (!element.isObject()) {
                throw new IllegalArgumentException("A script is a JSON object or a list of objects.");
            }
            steps.add(step(element, server));
        }
        steps.forEach(Runnable::run);
    }

    private static Runnable step(JsonNode object, TestServer server) {
        if (object.size() == 1) {
            Map.Entry<String, JsonNode> only = object.properties().iterator().next();
            Optional<Runnable> alone = standAlone(only.getKey(), only.getValue(), server);
            if (alone.isPresent()) {
                return alone.get();
            }
        }
        Scenario scenario = scenario(object);
        return () -> server.play(scenario);
    }

    /** What is about the server rather than one scenario, and the command line's form; read now, done later. */
    private static Optional<Runnable> standAlone(String field, JsonNode value, TestServer server) {
        return switch (field) {
            case "clear" -> Optional.of(server::clearScenarios);
            case "closeIdle" -> Optional.of(server::closeIdleConnections);
            case "serverLatencyMs" -> Optional.of(later(millis(value), server::latency));
            case "closeIdleAfterMs" -> Optional.of(later(millis(value), server::closeIdleAfter));
            case "refuseMs" -> Optional.of(later(millis(value), server::refuseConnections));
            case "fault" -> Optional.of(later(Scenario.parse(value.asText()), server::play));
            default -> Optional.empty();
        };
    }

    private static <T> Runnable later(T argument, Consumer<T> step) {
        return () -> step.accept(argument);
    }

    static Scenario scenario(JsonNode object) {
        Scenario scenario =
                object.has("route") ? Scenario.onRoute(object.path("route").asText()) : Scenario.everywhere();
        if (object.has("latencyMs")) {
            Duration from = millis(object.path("latencyMs"));
            scenario = scenario.latency(from, object.has("latencyMaxMs") ? millis(object.path("latencyMaxMs")) : from);
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            scenario = aspect(field.getKey()).apply(scenario, field.getValue());
        }
        return scenario;
    }

    private static BiFunction<Scenario, JsonNode, Scenario> aspect(String name) {
        if (name.equals("route") || name.equals("latencyMs") || name.equals("latencyMaxMs")) {
            return (scenario, value) -> scenario;
        }
        BiFunction<Scenario, JsonNode, Scenario> aspect = ASPECTS.get(name);
        if (aspect == null) {
            throw new IllegalArgumentException(
                    "\"" + name + "\" is not a field of a scenario, or does not stand alone.");
        }
        return aspect;
    }

    private static int[] codes(JsonNode value) {
        if (!value.isArray()) {
            return new int[] {value.asInt()};
        }
        int[] codes = new int[value.size()];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = value.path(i).asInt();
        }
        return codes;
    }

    private static Cut cut(JsonNode value) {
        try {
            return Cut.valueOf(value.asText().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + value.asText() + "\" is not a place to cut an exchange.", e);
        }
    }

    private static Duration millis(JsonNode value) {
        if (!value.isIntegralNumber() || value.asLong() < 0 || value.asLong() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(value + " is not a number of milliseconds.");
        }
        return Duration.ofMillis(value.asLong());
    }
}
