package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.base.Log;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import io.dogsled.http.Issued.Order;
import io.dogsled.testing.StandardError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An exchange over either kind of TLS does what a plain one does, and what is no TLS of today is not connected. */
@Timeout(60)
class TlsExchangeTest {
    private static final HttpRequest REQUEST = new HttpRequest("POST", "/", List.of(), new byte[10]);
    private static final int LARGE_BYTES = 3_000_000;
    private static final byte ILLEGAL_PARAMETER = 47;
    private static final byte PROTOCOL_VERSION = 70;

    @TempDir
    private static Path folder;

    private static Issued localhost;
    private static Issued elsewhere;
    private static String trusted;

    private final Clock clock = Clock.system();
    private final LinkedBlockingQueue<byte[]> records = new LinkedBlockingQueue<>();

    @BeforeAll
    static void certificates() throws Exception {
        Issued root = new Order("root").authority().selfSigned();
        localhost = new Order("localhost").dns("localhost").by(root);
        elsewhere = new Order("elsewhere").dns("elsewhere.example").by(root);
        trusted = root.pem(folder.resolve("root.pem"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheConnectionAndFindsItAliveAfterAPause(Kind kind) throws Exception {
        try (ScriptedPeer peer = server(localhost)) {
            io.dogsled.testing.ManualClock manual = new io.dogsled.testing.ManualClock();
            HttpConnection connection = new HttpConnection("localhost", peer.port(), kind.trusting(trusted), manual);

            for (int i = 0; i < 4; i++) {
                ExchangeOutcome outcome = connection.exchange(REQUEST, Deadline.after(manual.nowNs(), 30_000));
                assertThat(outcome).as("exchange " + i).isInstanceOf(Answered.class);
                assertThat(outcome.reused()).as("exchange " + i).isEqualTo(i > 0);
                manual.advanceMs(HttpConnection.LOOK_AFTER_MS + 1);
            }
            assertThat(peer.connections()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aConnectionThatThePeerEndedMeanwhileIsNotUsedAgain(Kind kind) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> link.accept(), localhost.server().getServerSocketFactory())) {
            io.dogsled.testing.ManualClock manual = new io.dogsled.testing.ManualClock();
            HttpConnection connection = new HttpConnection("localhost", peer.port(), kind.trusting(trusted), manual);
            connection.exchange(REQUEST, Deadline.after(manual.nowNs(), 30_000));
            manual.advanceMs(HttpConnection.MAX_IDLE_MS + 1);

            ExchangeOutcome second = connection.exchange(REQUEST, Deadline.after(manual.nowNs(), 30_000));

            assertThat(second).isInstanceOf(Answered.class);
            assertThat(second.reused()).isFalse();
        }
    }

    /** Many records in each direction, and more than a socket's buffers hold. */
    @ParameterizedTest
    @EnumSource
    void carriesWhatIsLargerThanARecord(Kind kind) throws Exception {
        String answer = "x".repeat(60_000);
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> {
                    link.request();
                    link.send("HTTP/1.1 202 Accepted\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer);
                    link.accept();
                },
                localhost.server().getServerSocketFactory())) {
            HttpConnection connection = connection(kind, peer);
            HttpRequest large = new HttpRequest("POST", "/", List.of(), new byte[LARGE_BYTES]);

            assertThat(connection.exchange(large, soon())).isInstanceOf(Answered.class);
            assertThat(connection.exchange(REQUEST, soon()).reused())
                    .as("nothing of the answer is left")
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    void speaksBothVersions(Kind kind, String version) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> link.accept(),
                new OneVersion(localhost.server().getServerSocketFactory(), version))) {
            assertThat(connection(kind, peer).exchange(REQUEST, soon())).isInstanceOf(Answered.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, TLSv1.2, false", "OPENSSL, TLSv1.3, true", "JDK, TLSv1.2, false", "JDK, TLSv1.3, true"})
    void aMinimumOfTls13RefusesWhatIsOlder(Kind kind, String version, boolean connected) throws Exception {
        Tls tls = kind.trusting(trusted, new Tls.Rules(true, true), Log.Level.OFF);
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> link.accept(),
                new OneVersion(localhost.server().getServerSocketFactory(), version))) {
            ExchangeOutcome outcome =
                    new HttpConnection("localhost", peer.port(), tls, clock).exchange(REQUEST, soon());

            assertThat(outcome instanceof Answered).isEqualTo(connected);
            assertThat(connected || failed(outcome).stage() == Stage.NOT_CONNECTED)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"OPENSSL, TLSv1.2", "OPENSSL, TLSv1.3", "JDK, TLSv1.2", "JDK, TLSv1.3"})
    @ResourceLock(Resources.SYSTEM_ERR)
    void withoutVerificationAnybodyIsTakenWithOneWarning(Kind kind, String version) throws Exception {
        Tls tls = kind.trusting("", new Tls.Rules(false, false), Log.Level.WARN);
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> link.accept(),
                new OneVersion(elsewhere.server().getServerSocketFactory(), version))) {
            List<String> lines = StandardError.during(() -> {
                for (int i = 0; i < 2; i++) {
                    HttpConnection connection = new HttpConnection("localhost", peer.port(), tls, clock);
                    assertThat(connection.exchange(REQUEST, soon())).isInstanceOf(Answered.class);
                }
            });

            assertThat(lines)
                    .filteredOn(line -> line.contains("DD_SKIP_SSL_VALIDATION"))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCertificateForAnotherNameIsNotConnected(Kind kind) throws Exception {
        try (ScriptedPeer peer = server(elsewhere)) {
            Failed failed = failed(connection(kind, peer).exchange(REQUEST, soon()));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            assertThat(failed.reason()).containsAnyOf("hostname mismatch", "localhost");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPeerThatSpeaksNoTlsIsNotConnected(Kind kind) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> link.send("HTTP/1.1 400 Bad Request\r\n\r\n"))) {
            assertThat(failed(connection(kind, peer).exchange(REQUEST, soon())).stage())
                    .isEqualTo(Stage.NOT_CONNECTED);
        }
    }

    /** The server chooses the version, so a client that went along could be led down to a broken one. */
    @ParameterizedTest
    @CsvSource({"OPENSSL, 1", "OPENSSL, 2", "JDK, 1", "JDK, 2"})
    void tls10And11AreNotSpoken(Kind kind, int minor) throws Exception {
        assertRefused(kind, serverHello(minor, "any random will do for versions "), PROTOCOL_VERSION);
    }

    /** RFC 8446, 4.1.3: a server that could have spoken TLS 1.3 says in its random that it was talked out of it. */
    @ParameterizedTest
    @EnumSource
    void aDowngradeThatTheServerMarkedIsRefused(Kind kind) throws Exception {
        assertRefused(kind, serverHello(3, "twenty-four bytes, then:DOWNGRD\u0001"), ILLEGAL_PARAMETER);
    }

    @ParameterizedTest
    @EnumSource
    void aHandshakeThatStopsEndsInTime(Kind kind) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> link.hang())) {
            Failed failed = failed(connection(kind, peer).exchange(REQUEST, Deadline.after(clock.nowNs(), 300)));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExchangeUnderWayIsEndedFromAnotherThread(Kind kind) throws Exception {
        LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> {
                    requests.add(link.request());
                    link.hang();
                },
                localhost.server().getServerSocketFactory())) {
            HttpConnection connection = connection(kind, peer);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    requests.take();
                    connection.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            Failed failed = failed(connection.exchange(REQUEST, Deadline.after(clock.nowNs(), 50_000)));

            closer.join();
            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
            assertThat(failed.byUs()).isTrue();
        }
    }

    private void assertRefused(Kind kind, byte[] hello, byte alert) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.record();
            link.send(new String(hello, StandardCharsets.ISO_8859_1));
            records.add(link.record());
        })) {
            Failed failed = failed(connection(kind, peer).exchange(REQUEST, soon()));

            assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
            byte[] said = records.poll(20, TimeUnit.SECONDS);
            assertThat(said).as("an alert, fatal").hasSize(7).startsWith(21);
            assertThat(said[5]).isEqualTo((byte) 2);
            assertThat(said[6]).as("why").isEqualTo(alert);
        }
    }

    /** <pre> 22, version, u16 length { 2, u24 length { version, 32 bytes random, u8 0 session, u16 cipher, u8 0 } } </pre> */
    private static byte[] serverHello(int minor, String random) {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.writeBytes(new byte[] {22, 3, (byte) minor, 0, 42, 2, 0, 0, 38, 3, (byte) minor});
        hello.writeBytes(random.getBytes(StandardCharsets.ISO_8859_1));
        hello.writeBytes(new byte[] {0, (byte) 0xC0, (byte) (minor < 3 ? 0x13 : 0x2F), 0});
        return hello.toByteArray();
    }

    private static ScriptedPeer server(Issued shown) throws Exception {
        return new ScriptedPeer(
                (link, number) -> {
                    while (true) {
                        link.accept();
                    }
                },
                shown.server().getServerSocketFactory());
    }

    private HttpConnection connection(Kind kind, ScriptedPeer peer) {
        return new HttpConnection("localhost", peer.port(), kind.trusting(trusted), clock);
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 30_000);
    }

    private static Failed failed(ExchangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }
}
