package io.dogsled.testserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.testserver.TimedRequest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came when, what became of it, and which spans of schedules held meanwhile: a copy of one moment. Its zero is the
 * server's start or last reset. As JSON and CSV for programs, as SVG for people ({@code TimelineSvg}).
 *
 * @param startedAt the zero, by the wall clock
 * @param endedMs the moment of the copy
 * @param forgotten requests that are no longer listed, because more came than are kept
 */
public record Timeline(
        Instant startedAt, double endedMs, List<TimedRequest> requests, List<Step> steps, int forgotten) {

    /** A span of a schedule on the timeline; {@code toMs} is at most {@link #endedMs}. */
    public record Step(double fromMs, double toMs, String what) {}

    /** Everything as JSON; what has not happened is null. */
    public String toJson() {
        ObjectNode root = JsonTree.MAPPER.createObjectNode();
        root.put("startedAt", startedAt.toString());
        root.put("endedMs", rounded(endedMs));
        root.put("forgotten", forgotten);
        ArrayNode spans = root.putArray("steps");
        for (Step step : steps) {
            spans.addObject()
                    .put("fromMs", rounded(step.fromMs()))
                    .put("toMs", rounded(step.toMs()))
                    .put("what", step.what());
        }
        ArrayNode all = root.putArray("requests");
        requests.forEach(request -> write(request, all.addObject()));
        try {
            return JsonTree.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a timeline cannot be written as JSON", e);
        }
    }

    /** The requests as CSV (RFC 4180) with a line of names; what has not happened is empty. */
    public String toCsv() {
        StringBuilder csv =
                new StringBuilder("number,connection,method,path,step,arrived_at,at_ms,head_ms,body_ms,answered_ms,"
                        + "outcome,status,bytes,items,oldest_s,newest_s,age_s\r\n");
        requests.forEach(request -> csv.append(String.join(",", cells(request))).append("\r\n"));
        return csv.toString();
    }

    /** A plot: requests over time by how long their answer took and what became of them, spans shaded, age of the data. */
    public String toSvg() {
        return TimelineSvg.of(this);
    }

    /**
     * Writes the form that the file's extension names.
     *
     * @throws IllegalArgumentException if that is not .json, .csv or .svg
     */
    public void write(Path file) throws IOException {
        Files.writeString(file, as(extension(file)));
    }

    /**
     * The extension that says how a timeline shall be written to this file.
     *
     * @throws IllegalArgumentException with one sentence if it is not json, csv or svg
     */
    public static String extension(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        for (String known : List.of("json", "csv", "svg")) {
            if (name.endsWith("." + known)) {
                return known;
            }
        }
        throw new IllegalArgumentException("\"" + file + "\" does not end in .json, .csv or .svg.");
    }

    /** {@code json}, {@code csv}, or else the plot. */
    String as(String form) {
        return switch (form) {
            case "json" -> toJson();
            case "csv" -> toCsv();
            default -> toSvg();
        };
    }

    static String text(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    private static List<String> cells(TimedRequest request) {
        return List.of(
                Integer.toString(request.number()),
                Integer.toString(request.connection()),
                quoted(request.method()),
                quoted(request.path()),
                quoted(request.step()),
                request.arrivedAt().toString(),
                Double.toString(rounded(request.atMs())),
                cell(request.headMs()),
                cell(request.bodyMs()),
                cell(request.answeredMs()),
                text(request.outcome()),
                Integer.toString(request.status()),
                Integer.toString(request.bytes()),
                Integer.toString(request.items()),
                Long.toString(request.oldestS()),
                Long.toString(request.newestS()),
                cell(request.ageS()));
    }

    private static void write(TimedRequest request, ObjectNode to) {
        to.put("number", request.number()).put("connection", request.connection());
        to.put("method", request.method()).put("path", request.path()).put("step", request.step());
        to.put("arrivedAt", request.arrivedAt().toString()).put("atMs", rounded(request.atMs()));
        to.put("headMs", maybe(request.headMs())).put("bodyMs", maybe(request.bodyMs()));
        to.put("answeredMs", maybe(request.answeredMs())).put("outcome", text(request.outcome()));
        to.put("status", request.status() == 0 ? null : request.status());
        to.put("bytes", request.bytes()).put("items", request.items());
        to.put("oldestS", request.oldestS() == 0 ? null : request.oldestS());
        to.put("newestS", request.newestS() == 0 ? null : request.newestS());
        to.put("ageS", maybe(request.ageS()));
    }

    private static @Nullable Double maybe(double value) {
        return value == -1 ? null : rounded(value);
    }

    private static String cell(double value) {
        return value == -1 ? "" : Double.toString(rounded(value));
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
