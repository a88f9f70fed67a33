package io.dogsled.testserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ported from the Datadog Agent: pkg/trace/writer/testserver_test.go, and the rules of its testserver.go (T1 to T8). */
final class SeedContractTest {
    private final TestServer server = TestServer.newTestServer();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aNewServerListensOnLoopbackWithAllCountersAtZeroAndNoPayloads() {
        assertThat(server.url()).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(server.counts()).isEqualTo(new Tally.Counts(0, 0, 0, 0, 0, 0, 0, 0));
        assertThat(server.payloads()).isEmpty();
    }

    @Test
    void anOrdinaryBodyGets200AndIsCountedAsAccepted() throws Exception {
        assertThat(post("random_string").statusCode()).isEqualTo(200);
        assertThat(server.total()).isEqualTo(1);
        assertThat(server.accepted()).isEqualTo(1);
        assertThat(server.failed()).isZero();
        assertThat(server.retried()).isZero();
    }

    @Test
    void aScriptedBodyWithOneCodeGetsItEveryTime() throws Exception {
        for (int i = 0; i < 4; i++) {
            assertThat(post("3|200").statusCode()).isEqualTo(200);
        }
        assertThat(server.accepted()).isEqualTo(4);
    }

    @Test
    void aScriptedBodyRotatesThroughItsCodesAnd429CountsAsFailed() throws Exception {
        for (int expected : new int[] {200, 508, 429, 200, 508, 429}) {
            assertThat(post("1|200,508,429").statusCode()).isEqualTo(expected);
        }
        assertThat(server.total()).isEqualTo(6);
        assertThat(server.accepted()).isEqualTo(2);
        assertThat(server.retried()).isEqualTo(2);
        assertThat(server.failed()).isEqualTo(2);
    }

    @Test
    void theFirstByteOfTheAnswerComesAfterTheLatency() throws Exception {
        try (TestServer slow = TestServer.newTestServerWithLatency(Duration.ofMillis(50))) {
            long startNs = System.nanoTime();
            try (RawClient raw = new RawClient(slow)) {
                raw.send(RawClient.post("/", "")).readByte();
                assertThat(System.nanoTime() - startNs).isGreaterThan(50_000_000L);
            }
        }
    }

    @Test
    void anAcceptedPayloadIsKeptWithItsBodyAndHeaders() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url()))
                .header("Secret-Number", "123")
                .header("secret-LETTER", "Q")
                .POST(BodyPublishers.ofString("ABC"))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(server.payloads()).hasSize(1);
        ReceivedPayload payload = server.payloads().getFirst();
        assertThat(payload.body()).asString().isEqualTo("ABC");
        assertThat(payload.headers()).containsAllEntriesOf(Map.of("Secret-Number", "123", "Secret-Letter", "Q"));
        assertThat(payload.header("SECRET-number")).isEqualTo("123");
    }

    @Test
    void expectResponsesBuildsAnIdAndTheCodesAnd200IfThereAreNone() {
        assertThat(TestServer.expectResponses()).matches(suffix("|200"));
        assertThat(TestServer.expectResponses(new int[0])).matches(suffix("|200"));
        assertThat(TestServer.expectResponses(200)).matches(suffix("|200"));
        assertThat(TestServer.expectResponses(200, 300)).matches(suffix("|200,300"));
        assertThat(TestServer.expectResponses(403, 403, 200, 100)).matches(suffix("|403,403,200,100"));
        assertThat(TestServer.expectResponses()).isNotEqualTo(TestServer.expectResponses());
    }

    @Test
    void ofSeveralValuesOfAHeaderTheLastIsKept() throws Exception {
        try (RawClient raw = new RawClient(server)) {
            raw.send("GET /x?a=1 HTTP/1.1\r\nHost: t\r\nx-two: a\r\nX-TWO: b\r\n\r\n")
                    .read();
        }
        ReceivedPayload payload = server.payloads().getFirst();
        assertThat(payload.headers()).containsEntry("X-Two", "b");
        assertThat(payload.method() + " " + payload.path() + " " + payload.query())
                .isEqualTo("GET /x a=1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"})
    void thereIsNoRoutingAndEveryMethodIsTreatedAlike(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/any/path?q=1"))
                .method(method, BodyPublishers.ofString(TestServer.expectResponses(408)))
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(408);
        assertThat(server.retried()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no bar", "a|200|300", "1|2OO", "1|200, 503", "1|", "1|200,", "|"})
    void aBodyOutsideTheGrammarGets200(String body) throws Exception {
        assertThat(post(body).statusCode()).isEqualTo(200);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void theFirstListOfCodesUnderAnIdIsTheOneThatCounts() throws Exception {
        assertThat(post("a|404,403").statusCode()).isEqualTo(404);
        assertThat(post("a|200").statusCode()).isEqualTo(403);
        assertThat(post("a|not even a number").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1|299", "1|999", "1|-200", "1|0", "1|200,3000000000"})
    void aCodeThatDoesNotExistGets500WithASentenceAndCountsAsAborted(String body) throws Exception {
        HttpResponse<String> answer = post(body);
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("status code that does not exist");
        assertThat(server.aborted()).isEqualTo(1);
        assertThat(server.accepted() + server.retried() + server.failed()).isZero();
    }

    @Test
    void retriedAndFailedRequestsAreCountedButNotKept() throws Exception {
        post(TestServer.expectResponses(503));
        post(TestServer.expectResponses(404));
        post(TestServer.expectResponses(302));
        assertThat(server.payloads()).isEmpty();
        assertThat(server.retried()).isEqualTo(1);
        assertThat(server.failed()).isEqualTo(2);
    }

    @Test
    void anInformationalCodeIsAnInterimAnswerBeforeAnEmpty200AndCountsAsFailed() throws IOException {
        try (RawClient raw = new RawClient(server)) {
            raw.send(RawClient.post("/", TestServer.expectResponses(100)));
            assertThat(raw.readHead().status()).isEqualTo(100);
            assertThat(raw.read().status()).isEqualTo(200);
        }
        assertThat(server.failed()).isEqualTo(1);
    }

    @Test
    void closeMayBeCalledTwiceAndNobodyAnswersAfterIt() throws Exception {
        post("x");
        server.close();
        server.close();
        assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url()))
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static String suffix(String text) {
        return "\\d+" + Pattern.quote(text);
    }
}
