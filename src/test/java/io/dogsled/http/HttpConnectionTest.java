package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of every form, and what they leave of the connection. */
class HttpConnectionTest {
    private final Clock clock = Clock.system();

    @Test
    void sendsTheRequestAsDrawn() throws Exception {
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            heads.add(link.request());
            link.send("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
        })) {
            exchange(connection(peer));

            assertThat(heads.poll(5, TimeUnit.SECONDS))
                    .isEqualTo("POST /api/v2/series HTTP/1.1\r\nHost: 127.0.0.1:" + peer.port()
                            + "\r\nContent-Length: 7\r\nDD-API-KEY: key\r\n\r\n");
        }
    }

    @Test
    void usesTheConnectionAgain() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            while (true) {
                link.accept();
            }
        })) {
            HttpConnection connection = connection(peer);

            assertThat(exchange(connection).reused()).isFalse();
            assertThat(exchange(connection).reused()).isTrue();
            assertThat(answer(exchange(connection)).text()).isEqualTo("{}");
            assertThat(peer.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n",
                "HTTP/1.1 202\r\ncontent-length: 5\r\n\r\nabcde",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\nContent-Length: 5\n\nabcde",
            })
    void readsBodiesToTheirEndAndGoesOn(String answer) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            while (true) {
                link.request();
                link.send(answer);
            }
        })) {
            HttpConnection connection = connection(peer);

            assertThat(answer(exchange(connection)).text()).isEqualTo("abcde");
            ExchangeOutcome second = exchange(connection);
            assertThat(answer(second).status()).isEqualTo(202);
            assertThat(second.reused()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"})
    void someStatusesHaveNoBody(String answer) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            while (true) {
                link.request();
                link.send(answer);
            }
        })) {
            HttpConnection connection = connection(peer);

            exchange(connection);
            assertThat(exchange(connection).reused()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 202 Accepted\r\n\r\nuntil the end",
                "HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.0 202 Accepted\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 202 Accepted\r\nContent-Length: 1\r\n\r\nxyz",
                "HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\ncut",
                "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab",
                "HTTP/1.1 202 Accepted\r\nContent-Length: many\r\n\r\n",
            })
    void theHeadDecidesAndWhatIsWrongBehindItCostsTheConnection(String answer) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send(answer);
        })) {
            HttpConnection connection = connection(peer);

            assertThat(answer(exchange(connection)).status()).isEqualTo(202);
            assertThat(exchange(connection).reused()).isFalse();
        }
    }

    @Test
    void aBodyThatDripsOrNeverComesDoesNotHoldTheAnswerBack() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send("HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nx");
            link.hang();
        })) {
            HttpConnection connection = connection(peer);

            assertThat(answer(exchange(connection)).status()).isEqualTo(202);
        }
    }

    @Test
    void keepsTheBeginningOfALargeBodyAndGivesTheConnectionUp() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 9000000\r\n\r\n");
            while (true) {
                link.send("x".repeat(10_000));
            }
        })) {
            HttpConnection connection = connection(peer);

            HttpResponse response = answer(exchange(connection));
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).hasSize(AnswerBody.KEPT_BYTES);
            assertThat(exchange(connection).reused()).isFalse();
        }
    }

    @Test
    void findsHeadersInAnyCase() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send("HTTP/1.1 429 Slow\r\nretry-AFTER:  5 \r\nContent-Length: 0\r\n\r\n");
        })) {
            HttpResponse response = answer(exchange(connection(peer)));

            assertThat(response.header("Retry-After")).isEqualTo("5");
            assertThat(response.header("Other")).isEmpty();
        }
    }

    @Test
    void aLargeRequestArrivesWhole() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> link.accept())) {
            HttpRequest request = new HttpRequest("POST", "/", List.of(), new byte[3_000_000]);

            assertThat(answer(connection(peer).exchange(request, soon())).status())
                    .isEqualTo(202);
        }
    }

    private HttpConnection connection(ScriptedPeer peer) {
        return new HttpConnection("127.0.0.1", peer.port(), null, clock);
    }

    private ExchangeOutcome exchange(HttpConnection connection) throws IOException {
        byte[] body = "payload".getBytes(StandardCharsets.UTF_8);
        HttpRequest request = new HttpRequest("POST", "/api/v2/series", List.of(new Header("DD-API-KEY", "key")), body);
        return connection.exchange(request, soon());
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 8_000);
    }

    private static HttpResponse answer(ExchangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(Answered.class);
        return ((Answered) outcome).response();
    }
}
