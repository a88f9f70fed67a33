package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.RawClient.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the server understands of HTTP/1.1 and 1.0. */
final class HttpTest {
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
    void oneConnectionCarriesManyRequests() throws IOException {
        for (int i = 0; i < 3; i++) {
            assertThat(client.send(post("/", "x")).read().status()).isEqualTo(200);
        }
        assertThat(server.connections()).isEqualTo(1);
        assertThat(server.total()).isEqualTo(3);
    }

    @Test
    void requestsSentInOneGoAreAnsweredInTheirOrder() throws IOException {
        client.send(post("/", TestServer.expectResponses(404)) + post("/", TestServer.expectResponses(503)));
        assertThat(client.read().status()).isEqualTo(404);
        assertThat(client.read().status()).isEqualTo(503);
    }

    @Test
    void aChunkedBodyIsPutTogetherAndItsTrailersAreDropped() throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;x=y\r\nhello\r\nA\r\n, chunked!\r\n0\r\nTrailer: 1\r\n\r\n" + post("/", "next"));
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(client.read().status()).isEqualTo(200);
        assertThat(server.payloads())
                .extracting(payload -> new String(payload.body(), StandardCharsets.UTF_8))
                .containsExactly("hello, chunked!", "next");
    }

    @Test
    void aClientThatExpectsContinueIsToldToContinueBeforeItSendsItsBody() throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
        assertThat(client.readHead().status()).isEqualTo(100);
        assertThat(client.send("x").read().status()).isEqualTo(200);
    }

    @Test
    void anHttp10ConnectionEndsAfterTheAnswerUnlessItAsksToStay() throws IOException {
        client.send("POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx");
        assertThat(client.read().headers()).doesNotContainKey("connection");
        client.send("GET / HTTP/1.0\r\n\r\n");
        assertThat(client.read().headers()).containsEntry("connection", "close");
        assertThat(client.readByte()).isEqualTo(-1);
    }

    @Test
    void aClientThatWantsToCloseIsAnsweredAndThenClosed() throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
        assertThat(client.read().headers()).containsEntry("connection", "close");
        assertThat(client.readByte()).isEqualTo(-1);
    }

    @Test
    void anAnswerToHeadHasALengthButNoBody() throws IOException {
        client.send("HEAD /api/v2/series HTTP/1.1\r\nHost: t\r\n\r\n");
        assertThat(client.readHead().headers()).containsEntry("content-length", "13");
        client.send(post("/", "x"));
        assertThat(client.read().status()).isEqualTo(200);
    }

    @Test
    void aRequestToAProxyIsKnownByItsPath() throws IOException {
        client.send("POST http://intake.example/api/v2/series?k=1 HTTP/1.1\r\nHost: intake.example\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(202);
        assertThat(server.payloads().getFirst().path()).isEqualTo("/api/v2/series");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: t\r\n\r\n",
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: t\r\nHost: u\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : t\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: t\r\n folded\r\n\r\n",
                "\u0016\u0003\u0001 not tls here\n\n"
            })
    void whatIsNotARequestGets400AndIsCountedAside(String bytes) throws IOException {
        Response answer = client.send(bytes).read();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).endsWith(".\n");
        assertThat(client.readByte()).isEqualTo(-1);
        assertThat(server.malformed()).isEqualTo(1);
        assertThat(server.total()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: x\r\n\r\n",
                "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"
            })
    void aBodyWhoseEndIsUnclearGets400AndTheRequestCountsAsAborted(String rest) throws IOException {
        assertThat(client.send("POST / HTTP/1.1\r\nHost: t\r\n" + rest).read().status())
                .isEqualTo(400);
        assertThat(server.counts()).isEqualTo(new Tally.Counts(1, 0, 0, 0, 1, 0, 0, 1));
    }

    @Test
    void aHeadThatIsTooLargeGets431() throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: t\r\nLong: " + "x".repeat(RequestReader.MAX_LINE_BYTES) + "\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(431);
        try (RawClient other = new RawClient(server)) {
            other.send("GET / HTTP/1.1\r\nHost: t\r\n" + "A: b\r\n".repeat(RequestReader.MAX_HEADERS) + "\r\n");
            assertThat(other.read().status()).isEqualTo(431);
        }
    }

    @Test
    void aBodyThatIsTooLargeGets413() throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 99999999999\r\n\r\n");
        assertThat(client.read().status()).isEqualTo(413);
    }

    @Test
    void aVersionThatIsNotHttp1Gets505() throws IOException {
        assertThat(client.send("PRI * HTTP/2.0\r\n\r\n").read().status()).isEqualTo(505);
    }

    @Test
    void aBodyThatEndsEarlyIsCountedAsAbortedAndTheRequestIsNoLongerActive() throws IOException {
        client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nab");
        client.close();
        Until.holds(() -> server.counts().equals(new Tally.Counts(1, 0, 0, 0, 1, 0, 0, 1)));
    }
}
