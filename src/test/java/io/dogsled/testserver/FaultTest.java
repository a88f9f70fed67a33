package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.testserver.Scenario.Cut;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are reset, held, closed and refused by script. */
final class FaultTest {
    private static final String SERIES = "/api/v2/series";

    private final TestServer server = TestServer.newTestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aResetBeforeReadingComesAlthoughTheBodyWasNeverSent() throws IOException {
        server.play(Scenario.everywhere().cut(Cut.BEFORE_READING));
        try (RawClient client = new RawClient(server)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\n\r\n");
            assertReset(client);
        }
        assertCounts(1, 0, 1);
    }

    @Test
    void aResetBeforeTheAnswerTakesNothing() throws IOException {
        server.play(Scenario.parse("resetx1"));
        try (RawClient client = new RawClient(server)) {
            assertReset(client.send(post(SERIES, "x")));
        }
        assertCounts(1, 0, 1);
        assertThat(server.payloads()).isEmpty();
    }

    @Test
    void aLostAnswerIsAPayloadThatWasTakenAlthoughTheClientCannotKnow() throws IOException {
        server.play(Scenario.parse("lose-answerx1"));
        try (RawClient client = new RawClient(server)) {
            assertReset(client.send(post(SERIES, "x")));
        }
        assertCounts(1, 1, 0);
        assertThat(server.payloads()).hasSize(1);
    }

    @Test
    void aResetAfterTheHeadersOrInTheBodyComesAfterTheStatus() throws IOException {
        server.play(Scenario.parse("reset-after-headersx1"));
        server.play(Scenario.parse("reset-mid-bodyx1"));
        for (int expected : new int[] {0, 6}) {
            try (RawClient client = new RawClient(server)) {
                assertThat(client.send(post(SERIES, "x")).readHead().status()).isEqualTo(202);
                assertThat(client.socket().getInputStream().readNBytes(expected))
                        .hasSize(expected);
                assertReset(client);
            }
        }
        assertCounts(2, 2, 0);
    }

    @Test
    void aBlackHoleTakesTheRequestAndNeverAnswersUntilTheClientGoes() throws IOException {
        server.play(Scenario.parse("blackholex1"));
        try (RawClient client = new RawClient(server)) {
            client.send(post(SERIES, "x"));
            Until.holds(() -> server.aborted() == 1);
            assertThat(server.counts().active()).isEqualTo(1);
            assertThat(client.socket().getInputStream().available()).isZero();
        }
        Until.holds(() -> server.counts().active() == 0);
        assertCounts(1, 0, 1);
    }

    @Test
    void closingTheServerEndsABlackHoleAtOnceButWaitsForARequestInWork() throws IOException {
        server.play(Scenario.onRoute("/hole").cut(Cut.BLACK_HOLE));
        server.play(Scenario.onRoute("/slow").latency(Duration.ofMillis(100)));
        try (RawClient hole = new RawClient(server);
                RawClient slow = new RawClient(server)) {
            hole.send(post("/hole", "x"));
            Until.holds(() -> server.aborted() == 1);
            slow.send(post("/slow", "x"));
            Until.holds(() -> server.counts().active() == 2);
            server.close();
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(slow.read().headers()).containsEntry("connection", "close");
            assertThat(hole.readByte()).isEqualTo(-1);
        }
    }

    @Test
    void whileConnectionsAreRefusedNobodyGetsInAndAfterwardsThePortIsTheSame() throws IOException {
        String url = server.url();
        try (RawClient kept = new RawClient(server)) {
            kept.send(post("/", "x")).read();
            server.refuseConnections();
            server.refuseConnections();
            assertThat(kept.readByte()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> new RawClient(server)).isInstanceOf(ConnectException.class);
        server.acceptConnections();
        server.acceptConnections();
        assertThat(server.url()).isEqualTo(url);
        try (RawClient again = new RawClient(server)) {
            assertThat(again.send(post("/", "x")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void aRefusalForATimeEndsByItself() {
        server.refuseConnections(Duration.ofMillis(30));
        Until.holds(this::answers);
        assertThat(server.accepted()).isEqualTo(1);
    }

    @Test
    void idleConnectionsAreClosedAtOnceOrAfterATime() throws IOException {
        try (RawClient first = new RawClient(server);
                RawClient second = new RawClient(server)) {
            first.send(post("/", "x")).read();
            Until.holds(() -> server.connections() == 2);
            server.closeIdleConnections();
            assertThat(first.readByte()).isEqualTo(-1);
            assertThat(second.readByte()).isEqualTo(-1);
        }
        server.closeIdleAfter(Duration.ofMillis(20));
        try (RawClient third = new RawClient(server)) {
            assertThat(third.readByte()).isEqualTo(-1);
        }
        server.closeIdleAfter(Duration.ZERO);
        assertThat(answers()).isTrue();
    }

    @Test
    void aConnectionWithARequestInWorkIsNotIdle() throws IOException {
        server.closeIdleAfter(Duration.ofMillis(1));
        try (RawClient client = new RawClient(server)) {
            client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n");
            client.readHead();
            server.closeIdleConnections();
            assertThat(client.send("x").read().status()).isEqualTo(200);
        }
    }

    @Test
    void aResetServerIsAsFreshlyStarted() throws IOException {
        server.play(Scenario.everywhere().status(503));
        server.latency(Duration.ofMillis(1));
        try (RawClient client = new RawClient(server)) {
            client.send(post("/", "9|503,200")).read();
            server.refuseConnections();
        }
        server.reset();
        assertCounts(0, 0, 0);
        try (RawClient client = new RawClient(server)) {
            assertThat(client.send(post("/", "9|404")).read().status()).isEqualTo(404);
            assertThat(client.send(post("/", "x")).read().status()).isEqualTo(200);
        }
    }

    @Test
    void beyondItsMemoryTheOldestPayloadsAreForgottenAndCounted() throws IOException {
        try (TestServer small = TestServer.start(TestServer.Options.defaults().withMaxKeptBytes(10));
                RawClient client = new RawClient(small)) {
            for (String body : new String[] {"aaaa", "bbbb", "cccc"}) {
                client.send(post("/", body)).read();
            }
            assertThat(small.payloads())
                    .extracting(payload -> payload.body()[0])
                    .containsExactly((byte) 'b', (byte) 'c');
            assertThat(small.forgotten()).isEqualTo(1);
            assertThat(small.accepted()).isEqualTo(3);
            assertThat(small.summary()).contains("No longer kept: 1 payload");
        }
    }

    private boolean answers() {
        try (RawClient client = new RawClient(server)) {
            return client.send(post("/", "x")).read().status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertReset(RawClient client) {
        assertThatThrownBy(client::readByte).isInstanceOf(SocketException.class).hasMessageContaining("reset");
    }

    private void assertCounts(int total, int accepted, int aborted) {
        Until.holds(() -> server.counts().active() == 0);
        assertThat(server.total()).as("total").isEqualTo(total);
        assertThat(server.accepted()).as("accepted").isEqualTo(accepted);
        assertThat(server.aborted()).as("aborted").isEqualTo(aborted);
    }
}
