package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import io.dogsled.testing.ManualClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each stage at which an exchange can fail, and connections that went stale. */
class ExchangeFailureTest {
    private static final HttpRequest SMALL = new HttpRequest("POST", "/", List.of(), new byte[10]);

    private final Clock clock = Clock.system();

    @Test
    void aRefusedConnectionIsNotConnected() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        Failed failed = failed(new HttpConnection("127.0.0.1", port, null, clock).exchange(SMALL, in(5_000)));

        assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
        assertThat(failed.byUs()).isFalse();
    }

    @Test
    void anUnknownHostIsNotConnected() {
        Failed failed = failed(new HttpConnection("intake.invalid", 80, null, clock).exchange(SMALL, in(5_000)));

        assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
        assertThat(failed.reason()).contains("intake.invalid");
    }

    @Test
    void aPeerThatResetsWithinTheRequestHasOnlyAPart() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.head();
            link.reset();
        })) {
            HttpRequest large = new HttpRequest("POST", "/", List.of(), new byte[50_000_000]);

            assertThat(failed(connection(peer).exchange(large, in(8_000))).stage())
                    .isEqualTo(Stage.REQUEST_PARTLY_WRITTEN);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPeerThatEndsWithoutAnAnswerMayHaveTakenIt(boolean reset) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            if (reset) {
                link.reset();
            }
        })) {
            Failed failed = failed(connection(peer).exchange(SMALL, in(8_000)));

            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
            assertThat(failed.reused()).isFalse();
            assertThat(failed.byUs()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "H",
                "HTTP/1.1 202 Acc",
                "HTTP/1.1 202 Accepted\r\nContent-Le",
                "HTTP/1.1 2x2 Odd\r\n\r\n",
                "SSH-2.0-nope\r\n",
                "HTTP/1.1 202 Accepted\r\nno colon\r\n\r\n",
                "HTTP/1.1 101 Switching\r\n\r\n"
            })
    void anAnswerWithoutAHeadSaysNothing(String answer) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send(answer);
        })) {
            assertThat(failed(connection(peer).exchange(SMALL, in(8_000))).stage())
                    .isEqualTo(Stage.ANSWER_BEGUN);
        }
    }

    @Test
    void aHeadWithoutEndIsNotReadForEver() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.send("HTTP/1.1 202 Accepted\r\n");
            while (true) {
                link.send("A: " + "x".repeat(500) + "\r\n");
            }
        })) {
            assertThat(failed(connection(peer).exchange(SMALL, in(8_000))).stage())
                    .isEqualTo(Stage.ANSWER_BEGUN);
        }
    }

    @Test
    void aBlackHoleEndsAtTheDeadline() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> link.hang())) {
            Failed failed = failed(connection(peer).exchange(SMALL, in(50)));

            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
            assertThat(failed.byUs()).isTrue();
        }
    }

    @Test
    void closeEndsAnExchangeOfAnotherThread() throws Exception {
        CountDownLatch requestRead = new CountDownLatch(1);
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            requestRead.countDown();
            link.hang();
        })) {
            HttpConnection connection = connection(peer);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    requestRead.await();
                } catch (InterruptedException e) {
                    return;
                }
                connection.close();
            });
            Failed failed = failed(connection.exchange(SMALL, in(600_000)));

            closer.join();
            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
            assertThat(failed.byUs()).isTrue();
        }
    }

    @Test
    void closeEndsAWriteThatNobodyReads() throws Exception {
        CountDownLatch headRead = new CountDownLatch(1);
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.head();
            headRead.countDown();
            link.hang();
        })) {
            HttpConnection connection = connection(peer);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    headRead.await();
                } catch (InterruptedException e) {
                    return;
                }
                connection.close();
            });
            HttpRequest large = new HttpRequest("POST", "/", List.of(), new byte[50_000_000]);
            Failed failed = failed(connection.exchange(large, in(600_000)));

            closer.join();
            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_PARTLY_WRITTEN);
            assertThat(failed.byUs()).isTrue();
        }
    }

    @Test
    void anExchangeAfterCloseOpensANewConnection() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            while (true) {
                link.accept();
            }
        })) {
            HttpConnection connection = connection(peer);
            connection.exchange(SMALL, in(8_000));
            connection.close();

            ExchangeOutcome next = connection.exchange(SMALL, in(8_000));
            assertThat(next).isInstanceOf(Answered.class);
            assertThat(next.reused()).isFalse();
        }
    }

    @Test
    void aUsedConnectionThatEndsWithoutAnAnswerIsNamedAsUsed() throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.accept();
            link.request();
            link.reset();
        })) {
            HttpConnection connection = connection(peer);
            connection.exchange(SMALL, in(8_000));
            Failed failed = failed(connection.exchange(SMALL, in(8_000)));

            assertThat(failed.reused()).isTrue();
            assertThat(failed.byUs()).isFalse();
            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
        }
    }

    @Test
    void noPayloadIsSpentOnAConnectionThatThePeerClosedWhileIdle() throws Exception {
        ManualClock manual = new ManualClock();
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.accept();
            if (number == 0) {
                link.close();
                closed.countDown();
            }
        })) {
            HttpConnection connection = new HttpConnection("127.0.0.1", peer.port(), null, manual);
            connection.exchange(SMALL, Deadline.after(manual.nowNs(), 8_000));
            closed.await();
            manual.advanceMs(HttpConnection.LOOK_AFTER_MS + 1);

            ExchangeOutcome next = connection.exchange(SMALL, Deadline.after(manual.nowNs(), 8_000));
            assertThat(next).isInstanceOf(Answered.class);
            assertThat(next.reused()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {HttpConnection.MAX_IDLE_MS + 1, -1_000})
    void aConnectionThatWasIdleForLongIsNotUsedAgain(long jumpMs) throws Exception {
        ManualClock manual = new ManualClock();
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            while (true) {
                link.accept();
            }
        })) {
            HttpConnection connection = new HttpConnection("127.0.0.1", peer.port(), null, manual);
            connection.exchange(SMALL, Deadline.after(manual.nowNs(), 8_000));
            manual.jumpWallMs(HttpConnection.MAX_IDLE_MS);
            assertThat(connection
                            .exchange(SMALL, Deadline.after(manual.nowNs(), 8_000))
                            .reused())
                    .isTrue();
            manual.jumpWallMs(jumpMs);

            assertThat(connection
                            .exchange(SMALL, Deadline.after(manual.nowNs(), 8_000))
                            .reused())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"key\r\nX: y", "schlüssel", "tab\t"})
    void aHeaderCannotBreakTheHead(String value) {
        assertThatThrownBy(() -> new HttpRequest("POST", "/", List.of(new Header("K", value)), new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(value);
    }

    private HttpConnection connection(ScriptedPeer peer) {
        return new HttpConnection("127.0.0.1", peer.port(), null, clock);
    }

    private Deadline in(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }

    private static Failed failed(ExchangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }
}
