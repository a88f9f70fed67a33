package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.testserver.RawClient.Response;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statuses, headers and delays by script; what cuts a connection is in {@link FaultTest}. */
final class ScenarioTest {
    private static final String SERIES = "/api/v2/series";
    private static final Duration DELAY = Duration.ofMillis(60);

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v2/series",
                "/api/v1/series",
                "/api/beta/sketches",
                "/api/v1/check_run",
                "/api/v1/events",
                "/intake/",
                "/api/v2/series?api_key=1"
            })
    void theRoutesOfAnIntakeAnswer202WithNoErrors(String path) throws IOException {
        Response answer = client.send(post(path, "x")).read();
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEqualTo("{\"errors\":[]}");
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void everyOtherPathAnswers200WithoutABody() throws IOException {
        Response answer = client.send(post("/api/v2/serieses", "x")).read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aLimitedScenarioHoldsForItsRequestsAndIsThenGone() throws IOException {
        server.play(Scenario.parse("503x2"));
        assertThat(statuses(3)).containsExactly(503, 503, 202);
    }

    @Test
    void limitedScenariosPlayOneAfterTheOther() throws IOException {
        server.play(Scenario.everywhere().status(503).times(1));
        server.play(Scenario.everywhere().status(429).times(1));
        assertThat(statuses(3)).containsExactly(503, 429, 202);
    }

    @Test
    void aSequenceOfStatusesRotates() throws IOException {
        server.play(Scenario.onRoute(SERIES).status(503, 202));
        assertThat(statuses(4)).containsExactly(503, 202, 503, 202);
    }

    @Test
    void aStandingScenarioIsReplacedByTheNextOfItsRouteAndClearedWithAllOthers() throws IOException {
        server.play(Scenario.everywhere().status(500));
        server.play(Scenario.everywhere().status(400));
        assertThat(statuses(1)).containsExactly(400);
        server.clearScenarios();
        assertThat(statuses(1)).containsExactly(202);
    }

    @Test
    void theLongestMatchingRouteWinsAndTheRestShinesThrough() throws IOException {
        server.play(Scenario.everywhere().status(500).retryAfter("7"));
        server.play(Scenario.onRoute("/api/").status(404));
        server.play(Scenario.onRoute(SERIES).status(403));
        Response answer = client.send(post(SERIES, "x")).read();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers()).containsEntry("retry-after", "7");
        assertThat(client.send(post("/api/v1/events", "x")).read().status()).isEqualTo(404);
        assertThat(client.send(post("/", "x")).read().status()).isEqualTo(500);
    }

    @Test
    void aScenarioForARouteLeavesOtherRoutesAlone() throws IOException {
        server.play(Scenario.parse("/API/V2=500"));
        server.play(Scenario.parse(SERIES + "=413x1"));
        assertThat(client.send(post("/api/beta/sketches", "x")).read().status()).isEqualTo(202);
        assertThat(statuses(2)).containsExactly(413, 202);
    }

    @Test
    void aBodyThatAsksForAStatusGetsItAgainstAnyScenario() throws IOException {
        server.play(Scenario.everywhere().status(503));
        assertThat(client.send(post(SERIES, TestServer.expectResponses(404)))
                        .read()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aStatusCanComeWithRetryAfterAndABodyAndCloseTheConnection() throws IOException {
        server.play(Scenario.parse("429:5s"));
        assertThat(client.send(post(SERIES, "x")).read().headers()).containsEntry("retry-after", "5");
        server.play(Scenario.everywhere().body("{\"a\":1}").closeConnection());
        Response answer = client.send(post(SERIES, "x")).read();
        assertThat(answer.body()).isEqualTo("{\"a\":1}");
        assertThat(answer.headers()).containsEntry("connection", "close");
        assertThat(client.readByte()).isEqualTo(-1);
    }

    @Test
    void latencyOfARouteHoldsBeforeTheBodyIsRead() throws IOException {
        server.play(Scenario.onRoute(SERIES).latency(DELAY, DELAY.multipliedBy(2)));
        long startNs = System.nanoTime();
        client.send("POST " + SERIES + " HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(100);
        assertPassed(startNs);
        assertThat(client.send("x").read().status()).isEqualTo(202);
    }

    @Test
    void latencyOfTheServerCanBeChangedWhileItRuns() throws IOException {
        server.latency(DELAY);
        long startNs = System.nanoTime();
        client.send(post("/", "x")).read();
        assertPassed(startNs);
    }

    @Test
    void whatIsDelayedBeforeTheHeadersIsCountedBefore() throws IOException {
        server.play(Scenario.everywhere().delayBeforeHeaders(Duration.ofHours(1)));
        client.send(post(SERIES, "x"));
        Until.holds(() -> server.accepted() == 1);
        assertThat(server.payloads()).hasSize(1);
        assertThat(server.counts().active()).isEqualTo(1);
        assertThat(client.socket().getInputStream().available()).isZero();
    }

    @Test
    void theHeadersComeBeforeADelayedBodyAndHalfTheBodyBeforeADelayInTheMiddle() throws IOException {
        server.play(Scenario.everywhere().delayBeforeBody(Duration.ofHours(1)).times(1));
        client.send(post(SERIES, "x"));
        assertThat(client.readHead().status()).isEqualTo(202);
        assertThat(client.socket().getInputStream().available()).isZero();
        server.play(Scenario.everywhere().delayMidBody(Duration.ofHours(1)).times(1));
        try (RawClient other = new RawClient(server)) {
            other.send(post(SERIES, "x")).readHead();
            assertThat(other.socket().getInputStream().readNBytes(6)).asString().isEqualTo("{\"erro");
            assertThat(other.socket().getInputStream().available()).isZero();
        }
    }

    @Test
    void aDrippingAnswerTakesItsTimePerByteAndIsComplete() throws IOException {
        server.play(Scenario.parse("drip:5ms"));
        long startNs = System.nanoTime();
        assertThat(client.send(post(SERIES, "x")).read().body()).isEqualTo("{\"errors\":[]}");
        assertPassed(startNs);
        assertThat(server.counts().active()).isZero();
    }

    @Test
    void aScenarioThatMakesNoSenseIsRefusedWhenItIsWritten() {
        assertThatThrownBy(() -> Scenario.everywhere().status(99)).hasMessage("99 is not a status from 200 to 599");
        assertThatThrownBy(() -> Scenario.everywhere().status()).hasMessage("a status is missing");
        assertThatThrownBy(() -> Scenario.everywhere().times(-1)).hasMessageContaining("-1 requests");
        assertThatThrownBy(() -> Scenario.everywhere().latency(DELAY, Duration.ZERO))
                .hasMessageContaining("range");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"50x", "x5", "99", "600", "503x0", "explode", "latency", "reset:1s", "latency:5", "drip:1h", ""})
    void aFaultThatCannotBeReadIsOneSentenceThatQuotesIt(String text) {
        assertThatThrownBy(() -> Scenario.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("\"" + text + "\"")
                .endsWith(".");
    }

    private int[] statuses(int n) throws IOException {
        int[] statuses = new int[n];
        for (int i = 0; i < n; i++) {
            statuses[i] = client.send(post(SERIES, "x")).read().status();
        }
        return statuses;
    }

    private static void assertPassed(long startNs) {
        assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(DELAY.toNanos());
    }
}
