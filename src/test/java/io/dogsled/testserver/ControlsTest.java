package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.post;
import static io.dogsled.testserver.WireSamples.series;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.testserver.RawClient.Response;
import io.dogsled.testserver.wire.MetricType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ControlsTest {
    private static final String SERIES = "/api/v2/series";

    private final TestServer server = TestServer.newTestServer();
    private RawClient client;

    @BeforeEach
    void connect() throws IOException {
        client = new RawClient(server);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void countersAreReadWithoutBeingCounted() throws IOException {
        deliver(1);
        JsonNode counters = get("counters");
        assertThat(counters.path("total").asInt()).isEqualTo(1);
        assertThat(counters.path("accepted").asInt()).isEqualTo(1);
        assertThat(counters.path("peak").asInt()).isEqualTo(1);
        assertThat(counters.path("connections").asInt()).isEqualTo(1);
        assertThat(server.total()).isEqualTo(1);
    }

    @Test
    void payloadsAreShownDecodedWithTheirHeaders() throws IOException {
        deliver(3);
        JsonNode payload = get("payloads").path(0);
        assertThat(payload.path("path").asText()).isEqualTo(SERIES);
        assertThat(payload.path("status").asInt()).isEqualTo(202);
        assertThat(payload.path("headers").path("Content-Type").asText()).isEqualTo("application/x-protobuf");
        assertThat(payload.path("decoded").path("series").path(0).path("metric").asText())
                .isEqualTo("orders");
    }

    @Test
    void theViewMergesAndTheDuplicatesTell() throws IOException {
        deliver(1);
        deliver(2);
        JsonNode count = get("view").path("counts").path(0);
        assertThat(count.path("context").path("metric").asText()).isEqualTo("orders");
        assertThat(count.path("points").path("1700000000").asDouble()).isEqualTo(2);
        JsonNode duplicate = get("duplicates").path(0);
        assertThat(duplicate.path("same").asBoolean()).isFalse();
        assertThat(duplicate.path("values").size()).isEqualTo(2);
    }

    @Test
    void theSummaryIsATableForPeople() throws IOException {
        deliver(1);
        deliver(2);
        String summary =
                client.send(RawClient.get("/_testserver/summary")).read().body();
        assertThat(summary)
                .contains("2 requests: 2 accepted, 0 retried, 0 failed; at most 1 at once, over 1 connection")
                .contains("TYPE   NAME    TAGS     POINTS  VALUE\nCOUNT  orders  env:dev  1       2.0 in all\n")
                .contains("1 point came more than once: 0 with the same value, 1 with a newer one");
    }

    @Test
    void aScriptSetsEveryAspectOfAScenario() throws IOException {
        script("{\"route\":\"" + SERIES
                + "\",\"times\":1,\"status\":429,\"retryAfter\":5,\"body\":\"{}\",\"latencyMs\":1,"
                + "\"latencyMaxMs\":2,\"delayBeforeHeadersMs\":1,\"delayBeforeBodyMs\":1,\"delayMidBodyMs\":1,\"dripMs\":1,"
                + "\"cut\":\"none\",\"closeConnection\":true}");
        Response answer = client.send(post(SERIES, "x")).read();
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.body()).isEqualTo("{}");
        assertThat(answer.headers()).containsEntry("retry-after", "5").containsEntry("connection", "close");
    }

    @Test
    void aListOfScriptsPlaysInItsOrder() throws IOException {
        script("[{\"clear\":true},{\"fault\":\"503x1\"},{\"status\":[500,404],\"times\":2},{\"serverLatencyMs\":1}]");
        for (int expected : new int[] {503, 500, 404, 202}) {
            assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(expected);
        }
    }

    @Test
    void connectionsAreClosedAndRefusedByScript() throws IOException {
        script("{\"closeIdleAfterMs\":10}");
        assertThat(client.readByte()).isEqualTo(-1);
        try (RawClient other = new RawClient(server)) {
            other.send(post("/_testserver/script", "{\"refuseMs\":1}")).read();
            assertThat(other.readByte()).isEqualTo(-1);
        }
        Until.holds(this::answers);
    }

    @Test
    void aResetForgetsWhatCameAndWhatWasScripted() throws IOException {
        script("{\"status\":503}");
        client.send(post(SERIES, "x")).read();
        client.send(post("/_testserver/reset", "")).read();
        assertThat(get("counters").path("total").asInt()).isZero();
        assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(202);
    }

    @Test
    void theControlsAnswerAtOnceWhateverTheScriptSays() throws IOException {
        script("{\"cut\":\"black_hole\",\"latencyMs\":3600000}");
        assertThat(get("counters").path("total").asInt()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "5",
                "[1]",
                "{\"statuss\":503}",
                "{\"status\":99}",
                "{\"cut\":\"nowhere\"}",
                "{\"latencyMs\":-1}",
                "{\"times\":\"often\"}",
                "{\"fault\":\"nonsense\"}",
                "{\"clear\":true,\"status\":503}",
                "[{\"status\":503},{\"unknown\":1}]"
            })
    void aScriptThatCannotBeReadIsRefusedWithASentenceAndChangesNothing(String json) throws IOException {
        Response answer = client.send(post("/_testserver/script", json)).read();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isNotBlank();
        assertThat(client.send(post(SERIES, "x")).read().status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource({"GET,nothing", "GET,reset", "POST,counters", "GET,''"})
    void anUnknownControlIsToldWhatThereIs(String method, String what) throws IOException {
        Response answer = client.send(method + " /_testserver/" + what + " HTTP/1.1\r\nHost: t\r\n\r\n")
                .read();
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("counters", "script");
        assertThat(server.total()).isZero();
    }

    private boolean answers() {
        try (RawClient other = new RawClient(server)) {
            return other.send(post("/", "x")).read().status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private void deliver(double value) throws IOException {
        byte[] body = series(series("orders", MetricType.COUNT, 1_700_000_000, value, "env:dev"));
        client.send("POST " + SERIES + " HTTP/1.1\r\nHost: t\r\nContent-Type: application/x-protobuf\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n");
        assertThat(client.send(body).read().status()).isEqualTo(202);
    }

    private void script(String json) throws IOException {
        Response answer = client.send(post("/_testserver/script", json)).read();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    private JsonNode get(String what) throws IOException {
        String body = client.send(RawClient.get("/_testserver/" + what)).read().body();
        return JsonTree.MAPPER.readTree(body.getBytes(StandardCharsets.UTF_8));
    }
}
