package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import io.dogsled.http.Issued.Order;
import io.dogsled.testing.ConnectProxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An intake behind a proxy, plain and over either kind of TLS; and every way a proxy can fail. */
@Timeout(60)
class ProxyTest {
    private static final String INTAKE = "intake.example.com";
    private static final HttpRequest REQUEST =
            new HttpRequest("POST", "/api/v2/series", List.of(new Header("DD-API-KEY", "key")), new byte[10]);

    @TempDir
    private static Path folder;

    private static Issued leaf;
    private static String trusted;

    private final Clock clock = Clock.system();

    @BeforeAll
    static void certificates() throws Exception {
        Issued root = new Order("root").authority().selfSigned();
        leaf = new Order("intake").dns(INTAKE).by(root);
        trusted = root.pem(folder.resolve("root.pem"));
    }

    @ParameterizedTest
    @EnumSource
    void tlsGoesThroughATunnel(Kind kind) throws Exception {
        try (ScriptedPeer intake = intake();
                ConnectProxy proxy = ConnectProxy.closed(intake.port(), "user", "pass word:é")) {
            HttpConnection connection = secure(kind, "http://user:pass%20word%3A%c3%A9@127.0.0.1:" + proxy.port());

            assertThat(connection.prepare(soon())).isTrue();
            assertThat(connection.exchange(REQUEST, soon())).isInstanceOf(Answered.class);
            assertThat(connection.exchange(REQUEST, soon()).reused()).isTrue();

            assertThat(intake.connections()).isOne();
            assertThat(proxy.heads())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "CONNECT intake.example.com:8443 HTTP/1.1\r\nHost: intake.example.com:8443\r\nProxy-Auth")
                    .doesNotContain("key");
        }
    }

    /** A proxy that shows a certificate of its own instead of passing the intake's on. */
    @ParameterizedTest
    @EnumSource
    void withinTheTunnelTheIntakesCertificateCounts(Kind kind) throws Exception {
        Issued stranger = new Order("stranger").dns(INTAKE).selfSigned();
        try (ScriptedPeer intake = new ScriptedPeer(
                        (link, number) -> link.accept(), stranger.server().getServerSocketFactory());
                ConnectProxy proxy = ConnectProxy.open(intake.port())) {
            Failed failed = failed(secure(kind, "http://127.0.0.1:" + proxy.port()));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.reason()).doesNotContain("proxy");
        }
    }

    @Test
    void aPlainRequestNamesTheWholeAddress() throws Exception {
        try (ScriptedPeer intake = new ScriptedPeer((link, number) -> link.accept());
                ConnectProxy proxy = ConnectProxy.closed(intake.port(), "user", "")) {
            HttpConnection connection = plain("http://user@127.0.0.1:" + proxy.port());

            assertThat(connection.exchange(REQUEST, soon())).isInstanceOf(Answered.class);
            assertThat(proxy.heads())
                    .containsExactly(String.join(
                            "\r\n",
                            "POST http://intake.example.com:8080/api/v2/series HTTP/1.1",
                            "Host: intake.example.com:8080",
                            "Content-Length: 10",
                            "Proxy-Authorization: Basic dXNlcjo=",
                            "DD-API-KEY: key",
                            "",
                            ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void whoIsNotLetInIsToldWhat(boolean secure, boolean withPassword) throws Exception {
        try (ScriptedPeer intake = intake();
                ConnectProxy proxy = ConnectProxy.closed(intake.port(), "user", "right")) {
            String url = "http://" + (withPassword ? "user:hidden@" : "") + "127.0.0.1:" + proxy.port();
            Failed failed = failed(secure ? secure(Kind.JDK, url) : plain(url));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.byUs()).isFalse();
            assertThat(failed.reason())
                    .startsWith("the proxy http://127.0.0.1:" + proxy.port() + ": it ")
                    .contains(withPassword ? "does not accept the user and the password" : "wants a user", "(407)")
                    .doesNotContain("hidden");
            assertThat(intake.connections()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n', answered CONNECT with 403",
        "'HTTP/1.1 502 Bad Gateway\r\n\r\n', answered CONNECT with 502",
        "'HTTP/1.0 302 Found\r\nLocation: x\r\n\r\n', answered CONNECT with 302",
        "'SSH-2.0-OpenSSH\r\n', the answer is not HTTP/1.x",
        "'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', the answer's head is not usable",
        "'HTTP/1.1 200 OK\r\n\r\nmore', it sends more than was asked for",
        "'HTTP/1.1 20', the connection was closed within the answer",
        "'', the connection was closed without an answer",
    })
    void otherAnswersAreReasonsToo(String answer, String reason) throws Exception {
        try (ScriptedPeer proxy = new ScriptedPeer((link, number) -> {
            link.head();
            link.send(answer);
        })) {
            Failed failed = failed(secure(Kind.JDK, "http://user:hidden@127.0.0.1:" + proxy.port()));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.reason()).isEqualTo("the proxy http://127.0.0.1:" + proxy.port() + ": " + reason);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlackHoleEndsInTime(boolean answersConnect) throws Exception {
        try (ScriptedPeer proxy = new ScriptedPeer((link, number) -> {
            link.head();
            if (answersConnect) {
                link.send("HTTP/1.1 200 OK\r\n\r\n");
            }
            link.hang();
        })) {
            HttpConnection connection = secure(Kind.JDK, "http://127.0.0.1:" + proxy.port());
            Failed failed = (Failed) connection.exchange(REQUEST, Deadline.after(clock.nowNs(), 300));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.byUs()).isTrue();
            assertThat(failed.reason().contains("the proxy")).isNotEqualTo(answersConnect);
        }
    }

    @Test
    void aProxyThatIsNotThere() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        assertThat(failed(plain("http://u:p@127.0.0.1:" + port)).reason())
                .startsWith("the proxy http://127.0.0.1:" + port + ": ");
        assertThat(failed(secure(Kind.JDK, "http://u:p@proxy.invalid:3128")).reason())
                .isEqualTo("the proxy http://proxy.invalid:3128: unknown host");
    }

    @Test
    void whoIsExceptedGoesStraight() throws Exception {
        Config.Connection settings =
                new Config.Connection("http://a:1", "http://[fd00::1]", List.of("example.org"), true, false);
        Network network = new Network(settings, "", new Log(Log.Level.OFF));

        assertThat(network.route("api.example.org", 443, true).proxy()).isNull();
        assertThat(network.route("127.0.0.1", 8080, false).proxy()).isNull();
        assertThat(network.route("example.com", 443, true).proxy()).hasToString("http://a:1");
        assertThat(network.route("example.com", 80, false).proxy()).hasToString("http://[fd00::1]:80");
    }

    private static ScriptedPeer intake() throws Exception {
        return new ScriptedPeer(
                (link, number) -> {
                    while (true) {
                        link.accept();
                    }
                },
                leaf.server().getServerSocketFactory());
    }

    private HttpConnection secure(Kind kind, String proxy) {
        Config.Connection settings = new Config.Connection(proxy, "", List.of(), true, false);
        return new Network(settings, kind.trusting(trusted)).to(INTAKE, 8443, true, clock);
    }

    private HttpConnection plain(String proxy) {
        Config.Connection settings = new Config.Connection("", proxy, List.of(), true, false);
        return new Network(settings, "", new Log(Log.Level.OFF)).to(INTAKE, 8080, false, clock);
    }

    private Failed failed(HttpConnection connection) throws IOException {
        ExchangeOutcome outcome = connection.exchange(REQUEST, soon());
        assertThat(outcome).isInstanceOf(Failed.class);
        assertThat(((Failed) outcome).reason()).doesNotContain("hidden");
        return (Failed) outcome;
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 30_000);
    }
}
