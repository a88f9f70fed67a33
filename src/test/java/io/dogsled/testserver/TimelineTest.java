package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.get;
import static io.dogsled.testserver.RawClient.post;
import static io.dogsled.testserver.WireSamples.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.RawClient.Response;
import io.dogsled.testserver.TimedRequest.Outcome;
import io.dogsled.testserver.wire.MetricType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schedules that play in a server, and what it remembers of the time in which requests came. */
final class TimelineTest {
    private static final String SERIES = "/api/v2/series";

    private final TestServer server = TestServer.newTestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aScheduleDecidesWhatARequestGetsAndTheTimelineSaysWhichSpanDid() throws IOException {
        server.play(Schedule.parse(SERIES + "=503\nlatency:5ms"));
        long second = Instant.now().getEpochSecond() - 30;
        byte[] body =
                series(series("orders", MetricType.COUNT, second, 1), series("sums", MetricType.COUNT, second + 10, 1));
        try (RawClient client = new RawClient(server)) {
            client.send("POST " + SERIES + "?a=b HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-protobuf\r\n"
                    + "Content-Length: " + body.length + "\r\n\r\n");
            assertThat(client.send(body).read().status()).isEqualTo(503);
            assertThat(client.send(post("/other", "abc")).read().status()).isEqualTo(200);
        }
        List<TimedRequest> requests = answered(2);
        TimedRequest first = requests.getFirst();
        assertThat(first.number()).isEqualTo(1);
        assertThat(first.connection()).isEqualTo(1);
        assertThat(first.path()).isEqualTo(SERIES);
        assertThat(first.step()).isEqualTo(SERIES + "=503 + latency:5ms");
        assertThat(first.outcome()).isEqualTo(Outcome.RETRIED);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.bytes()).isEqualTo(body.length);
        assertThat(first.items()).isEqualTo(2);
        assertThat(first.oldestS()).isEqualTo(second);
        assertThat(first.newestS()).isEqualTo(second + 10);
        assertThat(first.ageS()).isBetween(29.0, 60.0);
        assertThat(first.bodyMs()).isGreaterThanOrEqualTo(first.headMs() + 5);
        assertThat(first.answeredMs()).isGreaterThanOrEqualTo(first.bodyMs());
        assertThat(requests.get(1).step()).isEqualTo("latency:5ms");
        assertThat(requests.get(1).atMs()).isGreaterThan(first.atMs());
    }

    @Test
    void aRequestWithoutAnAnswerIsOnTheTimelineWithWhatBecameOfIt() throws IOException {
        server.play(Scenario.parse("resetx1"));
        server.play(Scenario.parse("blackholex1"));
        server.play(Scenario.parse("lose-answerx1"));
        for (int i = 0; i < 3; i++) {
            try (RawClient client = new RawClient(server)) {
                int number = i + 1;
                client.send(post(SERIES, "x"));
                Until.holds(() -> server.timeline().requests().size() == number
                        && server.timeline().requests().getLast().outcome() != Outcome.OPEN);
            }
        }
        List<TimedRequest> requests = server.timeline().requests();
        assertThat(requests)
                .extracting(TimedRequest::outcome)
                .containsExactly(Outcome.ABORTED, Outcome.ABORTED, Outcome.ACCEPTED);
        assertThat(requests).extracting(TimedRequest::status).containsExactly(0, 0, 202);
        assertThat(requests).extracting(TimedRequest::answeredMs).containsOnly(-1.0);
        assertThat(requests).extracting(TimedRequest::connection).containsExactly(1, 2, 3);
    }

    @Test
    void connectionsAreRefusedOverASpanAndNoLonger() {
        server.play(Schedule.empty().refuseFrom(Duration.ZERO));
        Until.holds(this::isRefused);
        server.play(Schedule.empty());
        Until.holds(() -> !isRefused());
        server.play(Schedule.empty().refuse(Duration.ZERO, Duration.ofMillis(300)));
        Until.holds(this::isRefused);
        Until.holds(() -> !isRefused());
    }

    @Test
    void aResetBeginsAnewWithTheScheduleOfTheStart() throws IOException {
        TestServer.Options options =
                TestServer.Options.defaults().withSchedule(Schedule.parse("clock first-request\n503x1"));
        try (TestServer scheduled = TestServer.start(options)) {
            assertThat(status(scheduled)).isEqualTo(503);
            assertThat(status(scheduled)).isEqualTo(202);
            scheduled.play(Schedule.parse("429"));
            assertThat(status(scheduled)).isEqualTo(429);
            scheduled.reset();
            assertThat(scheduled.timeline().requests()).isEmpty();
            assertThat(scheduled.timeline().steps()).isEmpty();
            assertThat(status(scheduled)).isEqualTo(503);
            assertThat(status(scheduled)).isEqualTo(202);
            assertThat(scheduled.timeline().steps()).hasSize(1);
            scheduled.clearScenarios();
            assertThat(scheduled.schedule().spans()).isEmpty();
        }
    }

    @Test
    void aScheduleIsPostedShownPlayedAgainAndEndedWhileTheServerRuns() throws IOException {
        try (RawClient client = new RawClient(server)) {
            Response posted = client.send(post("/_testserver/scenario", "503x1 from 0 on"))
                    .read();
            assertThat(posted.body()).isEqualTo("503x1 from 0ms on\n");
            assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(503);
            assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(202);
            client.send(post("/_testserver/scenario", "")).read();
            assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(503);
            assertThat(client.send(get("/_testserver/scenario")).read().body()).isEqualTo("503x1 from 0ms on\n");
            Response wrong = client.send(post("/_testserver/scenario", "503\n500 form 1"))
                    .read();
            assertThat(wrong.status()).isEqualTo(400);
            assertThat(wrong.body())
                    .startsWith("line 2, \"500 form 1\": expected when")
                    .contains("found \"form\"");
            client.send("DELETE /_testserver/scenario HTTP/1.1\r\nHost: t\r\n\r\n")
                    .read();
            assertThat(client.send(get("/_testserver/scenario")).read().body()).isEmpty();
        }
    }

    @Test
    void theTimelineIsJsonCsvAndAPlot() throws Exception {
        server.play(Schedule.parse("/a<&b=503 from 0 on\n429 from 0 on"));
        assertThat(status(server)).isEqualTo(429);
        answered(1);
        try (RawClient client = new RawClient(server)) {
            JsonNode json = JsonTree.MAPPER.readTree(
                    client.send(get("/_testserver/timeline.json")).read().body());
            assertThat(json.path("requests").path(0).path("outcome").asText()).isEqualTo("failed");
            assertThat(json.path("requests").path(0).path("status").asInt()).isEqualTo(429);
            assertThat(json.path("requests").path(0).path("oldestS").isNull()).isTrue();
            assertThat(json.path("steps").path(1).path("what").asText()).isEqualTo("429");
            Response csv = client.send(get("/_testserver/timeline.csv")).read();
            assertThat(csv.headers()).containsEntry("content-type", "text/csv; charset=utf-8");
            List<String> lines = csv.body().lines().toList();
            assertThat(lines).hasSize(2);
            assertThat(lines.getFirst().split(",", -1))
                    .hasSameSizeAs(lines.getLast().split(",", -1));
            assertThat(lines.getLast())
                    .startsWith("1,1,POST,/api/v2/series,429,")
                    .contains(",failed,429,1,0,0,0,");
            Response svg = client.send(get("/_testserver/timeline.svg")).read();
            assertThat(svg.headers()).containsEntry("content-type", "image/svg+xml");
            assertWellFormed(svg.body());
            assertThat(svg.body()).contains("class=\"failed\"", "/a&lt;&amp;b=503", "1 request since");
        }
    }

    @Test
    void theExtensionOfAFileSaysHowATimelineIsWritten(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("seen.CSV");
        server.timeline().write(file);
        assertThat(Files.readString(file)).startsWith("number,connection,");
        assertThatThrownBy(() -> server.timeline().write(folder.resolve("seen.png")))
                .hasMessageEndingWith("seen.png\" does not end in .json, .csv or .svg.");
    }

    @Test
    void anEmptyTimelineIsAPlotToo() throws Exception {
        assertWellFormed(server.timeline().toSvg());
    }

    @Test
    void theOldestRequestsAreForgottenAndCounted() throws Exception {
        Trail trail = new Trail();
        RequestHead head =
                new RequestReader(new ByteArrayInputStream(get("/").getBytes(StandardCharsets.US_ASCII))).readHead();
        byte[] body = new byte[1000];
        for (int i = 0; i < Trail.MAX_REQUESTS + 3; i++) {
            trail.bodyRead(trail.begin(1, head, 0, ""), head, body);
            trail.tidy();
        }
        List<TimedRequest> kept = trail.shown(0);
        assertThat(kept).hasSize(Trail.MAX_REQUESTS);
        assertThat(kept.getFirst().number()).isEqualTo(4);
        assertThat(kept.getFirst().bytes()).isEqualTo(1000);
        assertThat(trail.forgotten()).isEqualTo(3);
    }

    private static void assertWellFormed(String svg) throws Exception {
        DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    /** A client has its answer a moment before the server knows that it has written it. */
    private List<TimedRequest> answered(int count) {
        Until.holds(() -> server.timeline().requests().stream()
                        .filter(request -> request.answeredMs() >= 0)
                        .count()
                == count);
        return server.timeline().requests();
    }

    private static int status(TestServer server) throws IOException {
        try (RawClient client = new RawClient(server)) {
            return client.send(post(SERIES, "x")).read().status();
        }
    }

    private boolean isRefused() {
        try (RawClient client = new RawClient(server)) {
            client.send(get("/_testserver/counters")).read();
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
