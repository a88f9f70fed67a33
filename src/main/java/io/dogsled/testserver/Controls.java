package io.dogsled.testserver;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server's own endpoints, for shells and other languages. Requests to them are answered at once, whatever the script
 * says, and are counted nowhere.
 *
 * <pre>
 * GET  /_testserver/counters     total, accepted, retried, failed, aborted, malformed, active, peak, connections, forgotten
 * GET  /_testserver/payloads     every kept payload with its headers, decoded
 * GET  /_testserver/view         what an intake would show: last write wins, sketches added up
 * GET  /_testserver/duplicates   what came more than once
 * GET  /_testserver/summary      the same for people, as text
 * GET  /_testserver/timeline.json  or .csv or .svg: what came when and what became of it
 * GET  /_testserver/scenario     the schedule that plays, in lines
 * POST /_testserver/scenario     a scenario file, lines or JSON, from now on; an empty body = the one there is, from its zero
 * DELETE /_testserver/scenario   no schedule any more
 * POST /_testserver/script       one scenario or a list, {@link ScriptJson} has the fields
 * POST /_testserver/reset        as freshly started
 * </pre>
 */
final class Controls {
    static final String PREFIX = "/_testserver/";

    private static final ObjectWriter JSON = JsonTree.MAPPER.writerWithDefaultPrettyPrinter();

    private Controls() {}

    static Answer handle(TestServer server, RequestHead head, byte[] body) {
        String what = head.method() + " " + head.path().substring(PREFIX.length());
        try {
            return switch (what) {
                case "GET counters" -> json(counters(server));
                case "GET payloads" ->
                    json(server.payloads().stream().map(Controls::payload).toList());
                case "GET view" -> json(server.intake());
                case "GET duplicates" -> json(server.intake().duplicates());
                case "GET summary" -> Answer.diagnostic(200, server.summary());
                case "POST reset" -> {
                    server.reset();
                    yield json(counters(server));
                }
                case "POST script" -> {
                    ScriptJson.play(body, server);
                    yield Answer.json(200, "{}\n");
                }
                default -> timed(server, what, body);
            };
        } catch (IllegalArgumentException e) {
            return Answer.diagnostic(400, String.valueOf(e.getMessage()));
        } catch (JsonProcessingException e) {
            return Answer.diagnostic(500, "The answer cannot be written as JSON: " + e.getOriginalMessage());
        }
    }

    /** What is about time: the schedule, and what came when. */
    private static Answer timed(TestServer server, String what, byte[] body) {
        return switch (what) {
            case "GET timeline.json" -> Answer.json(200, server.timeline().toJson());
            case "GET timeline.csv" ->
                typed("text/csv; charset=utf-8", server.timeline().toCsv());
            case "GET timeline.svg" -> typed("image/svg+xml", server.timeline().toSvg());
            case "GET scenario" -> text(server.schedule().toString());
            case "POST scenario" -> {
                String file = new String(body, StandardCharsets.UTF_8);
                server.play(file.isBlank() ? server.schedule() : Schedule.parse(file));
                yield text(server.schedule().toString());
            }
            case "DELETE scenario" -> {
                server.play(Schedule.empty());
                yield text("");
            }
            default ->
                Answer.diagnostic(
                        404,
                        "There is GET " + PREFIX + "counters, payloads, view, duplicates, summary, timeline.json, "
                                + "timeline.csv, timeline.svg, scenario and POST " + PREFIX
                                + "script, scenario, reset.");
        };
    }

    private static Answer text(String text) {
        return typed("text/plain; charset=utf-8", text);
    }

    private static Answer typed(String type, String text) {
        return new Answer(200, Map.of("Content-Type", type), text);
    }

    private static Answer json(Object value) throws JsonProcessingException {
        return Answer.json(200, JSON.writeValueAsString(value) + "\n");
    }

    private static Map<String, Object> counters(TestServer server) {
        Tally.Counts counts = server.counts();
        Map<String, Object> all = new TreeMap<>();
        all.put("total", counts.total());
        all.put("accepted", counts.accepted());
        all.put("retried", counts.retried());
        all.put("failed", counts.failed());
        all.put("aborted", counts.aborted());
        all.put("malformed", counts.malformed());
        all.put("active", counts.active());
        all.put("peak", counts.peak());
        all.put("connections", server.connections());
        all.put("forgotten", server.forgotten());
        return all;
    }

    private static ShownPayload payload(ReceivedPayload payload) {
        return new ShownPayload(
                payload.method(),
                payload.path(),
                payload.query(),
                payload.status(),
                payload.receivedAt().toString(),
                payload.headers(),
                payload.sizeBytes(),
                payload.decoded());
    }

    /** A payload as the endpoint shows it. */
    record ShownPayload(
            String method,
            String path,
            String query,
            int status,
            String receivedAt,
            Map<String, String> headers,
            int sizeBytes,
            DecodedPayload decoded) {}
}
