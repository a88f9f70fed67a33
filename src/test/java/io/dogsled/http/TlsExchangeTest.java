package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS fails closed: an unknown issuer or another name is not connected, and no byte of the request leaves. */
@Timeout(60)
class TlsExchangeTest {
    private static final HttpRequest REQUEST = new HttpRequest("POST", "/", List.of(), new byte[10]);

    private static SSLContext localhost;
    private static SSLContext elsewhere;

    private final Clock clock = Clock.system();

    @BeforeAll
    static void keystores(@TempDir Path folder) throws Exception {
        localhost = SelfSigned.context(folder.resolve("localhost.p12"), "localhost");
        elsewhere = SelfSigned.context(folder.resolve("elsewhere.p12"), "elsewhere.example");
    }

    @Test
    void exchangesOverTlsAndKeepsTheConnection() throws Exception {
        try (ScriptedPeer peer = server(localhost)) {
            HttpConnection connection = connection(peer, localhost);

            assertThat(connection.exchange(REQUEST, soon())).isInstanceOf(Answered.class);
            ExchangeOutcome second = connection.exchange(REQUEST, soon());
            assertThat(second).isInstanceOf(Answered.class);
            assertThat(second.reused()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaksBothVersions(String version) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> link.accept(), new OneVersion(localhost.getServerSocketFactory(), version))) {
            assertThat(connection(peer, localhost).exchange(REQUEST, soon())).isInstanceOf(Answered.class);
        }
    }

    @Test
    void aCertificateForAnotherNameIsNotConnected() throws Exception {
        try (ScriptedPeer peer = server(elsewhere)) {
            Failed failed = failed(connection(peer, elsewhere).exchange(REQUEST, soon()));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.reason()).contains("localhost");
        }
    }

    @Test
    void anUnknownIssuerIsNotConnected() throws Exception {
        try (ScriptedPeer peer = server(localhost)) {
            HttpConnection connection = new HttpConnection("localhost", peer.port(), true, clock);

            assertThat(failed(connection.exchange(REQUEST, soon())).stage()).isEqualTo(Stage.NOT_CONNECTED);
        }
    }

    @Test
    void aPeerThatSpeaksNoTlsIsNotConnected() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> link.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertThat(failed(connection(peer, localhost).exchange(REQUEST, soon()))
                            .stage())
                    .isEqualTo(Stage.NOT_CONNECTED);
        }
    }

    private static ScriptedPeer server(SSLContext context) throws Exception {
        return new ScriptedPeer(
                (link, number) -> {
                    while (true) {
                        link.accept();
                    }
                },
                context.getServerSocketFactory());
    }

    private HttpConnection connection(ScriptedPeer peer, SSLContext trusted) {
        return new HttpConnection("localhost", peer.port(), trusted.getSocketFactory(), clock);
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 8_000);
    }

    private static Failed failed(ExchangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }
}
