package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import io.dogsled.http.Issued.Order;
import io.dogsled.testing.ManualClock;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection that is opened before anybody needs it: when it is taken, when not, and what its failure says. */
@Timeout(60)
class PreparedConnectionTest {
    private static final HttpRequest SMALL = new HttpRequest("POST", "/", List.of(), new byte[10]);

    private final ManualClock clock = new ManualClock();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theNextExchangeTakesItAsNew() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);

            assertThat(connection.prepare(soon())).isTrue();
            ExchangeOutcome first = connection.exchange(SMALL, soon());

            assertThat(first).isInstanceOf(Answered.class);
            assertThat(first.reused()).as("nothing of it can be stale yet").isFalse();
            assertThat(connection.exchange(SMALL, soon()).reused()).isTrue();
            assertThat(peer.connections()).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void overTlsTheHandshakeIsDoneAndIdlenessIsNoFault(Kind kind) throws Exception {
        Issued root = new Order("root").authority().selfSigned();
        Issued leaf = new Order("localhost").dns("localhost").by(root);
        String trusted = root.pem(folder.resolve("root.pem"));
        try (ScriptedPeer peer = new ScriptedPeer(
                (link, number) -> {
                    while (true) {
                        link.accept();
                    }
                },
                leaf.server().getServerSocketFactory())) {
            HttpConnection connection = new HttpConnection("localhost", peer.port(), kind.trusting(trusted), clock);

            assertThat(connection.prepare(Deadline.after(clock.nowNs(), 30_000)))
                    .isTrue();
            clock.advanceMs(HttpConnection.LOOK_AFTER_MS + 1);
            ExchangeOutcome outcome = connection.exchange(SMALL, Deadline.after(clock.nowNs(), 30_000));

            assertThat(outcome).isInstanceOf(Answered.class);
            assertThat(peer.connections())
                    .as("tickets of TLS 1.3 are no stale bytes")
                    .isOne();
        }
    }

    @Test
    void twiceIsOnce() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);

            connection.prepare(soon());
            connection.prepare(soon());
            connection.exchange(SMALL, soon());
            connection.prepare(soon());
            assertThat(connection.exchange(SMALL, soon()).reused()).isTrue();

            assertThat(peer.connections()).isOne();
        }
    }

    @Test
    void nobodyThereIsForTheExchangeToSay() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
        }
        HttpConnection connection = new HttpConnection("127.0.0.1", port, null, clock);

        assertThat(connection.prepare(soon())).isFalse();
        Failed failed = failed(connection.exchange(SMALL, soon()));

        assertThat(failed.stage()).isEqualTo(Stage.NOT_CONNECTED);
        assertThat(failed.reused()).isFalse();
    }

    @Test
    void nothingIsSpentOnOneThatThePeerClosedBeforeItWasUsed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            if (number == 0) {
                link.close();
                closed.countDown();
            } else {
                link.accept();
            }
        })) {
            HttpConnection connection = connection(peer);
            connection.prepare(soon());
            closed.await();
            clock.jumpWallMs(HttpConnection.LOOK_AFTER_MS + 1);

            ExchangeOutcome outcome = connection.exchange(SMALL, soon());

            assertThat(outcome).isInstanceOf(Answered.class);
            assertThat(outcome.reused()).isFalse();
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    /** Decision 004's third row: the peer had most likely closed it, so the payload is worth a second attempt at once. */
    @Test
    void oneThatWasIdleIsAsSuspectAsAUsedOne() throws Exception {
        assertThat(endedWithoutAnAnswerAfter(HttpConnection.LOOK_AFTER_MS + 1).reused())
                .isTrue();
    }

    /** Nobody closes what was opened just now as idle: the peer has seen the request. */
    @Test
    void oneThatWasOpenedJustNowIsAboveSuspicion() throws Exception {
        assertThat(endedWithoutAnAnswerAfter(HttpConnection.LOOK_AFTER_MS).reused())
                .isFalse();
    }

    @Test
    void afterAFreezeItIsTooOld() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);
            connection.prepare(soon());
            clock.jumpWallMs(HttpConnection.MAX_IDLE_MS + 1);

            assertThat(connection.exchange(SMALL, soon()).reused()).isFalse();
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    /** It would be too old when the invocation ends, and then somebody waits. */
    @Test
    void whatIsAboutToBeTooOldIsReplacedAhead() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);
            connection.exchange(SMALL, soon());
            clock.jumpWallMs(HttpConnection.MAX_IDLE_MS - HttpConnection.AHEAD_MS);
            connection.prepare(soon());
            assertThat(peer.connections()).as("not yet").isOne();
            clock.jumpWallMs(1);

            connection.prepare(soon());

            assertThat(connection.exchange(SMALL, soon()).reused()).isFalse();
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    /** However busy: the intake may have moved to another address. */
    @Test
    void aBusyConnectionIsClosedBetweenExchangesWhenItIsOld() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);
            connection.exchange(SMALL, soon());
            long stepMs = HttpConnection.MAX_IDLE_MS;
            for (long ageMs = stepMs; ageMs <= HttpConnection.MAX_AGE_MS; ageMs += stepMs) {
                clock.jumpWallMs(stepMs);
                assertThat(connection.exchange(SMALL, soon()).reused())
                        .as(ageMs + " ms old")
                        .isTrue();
            }
            clock.jumpWallMs(1);

            assertThat(connection.exchange(SMALL, soon()).reused()).isFalse();
            assertThat(connection.exchange(SMALL, soon()).reused()).isTrue();
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    @Test
    void closeEndsIt() throws Exception {
        try (ScriptedPeer peer = accepting()) {
            HttpConnection connection = connection(peer);
            connection.prepare(soon());
            connection.close();

            assertThat(connection.exchange(SMALL, soon())).isInstanceOf(Answered.class);
            assertThat(peer.connections()).isEqualTo(2);
        }
    }

    /** A peer that takes the connection and never shakes hands. */
    @ParameterizedTest
    @EnumSource
    void closeEndsThePreparationOfAnotherThread(Kind kind) throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        Clock real = Clock.system();
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            accepted.countDown();
            link.hang();
        })) {
            HttpConnection connection = new HttpConnection("localhost", peer.port(), kind.trusting(""), real);
            Thread closer = Thread.ofVirtual().start(() -> {
                try {
                    accepted.await();
                    connection.close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThat(connection.prepare(Deadline.after(real.nowNs(), 600_000)))
                    .isFalse();
            closer.join();
        }
    }

    private Failed endedWithoutAnAnswerAfter(long idleMs) throws Exception {
        try (ScriptedPeer peer = new ScriptedPeer((link, number) -> {
            link.request();
            link.reset();
        })) {
            HttpConnection connection = connection(peer);
            connection.prepare(soon());
            clock.jumpWallMs(idleMs);

            Failed failed = failed(connection.exchange(SMALL, soon()));
            assertThat(failed.stage()).isEqualTo(Stage.REQUEST_WRITTEN);
            assertThat(failed.byUs()).isFalse();
            return failed;
        }
    }

    private static ScriptedPeer accepting() throws Exception {
        return new ScriptedPeer((link, number) -> {
            while (true) {
                link.accept();
            }
        });
    }

    private HttpConnection connection(ScriptedPeer peer) {
        return new HttpConnection("127.0.0.1", peer.port(), null, clock);
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 8_000);
    }

    private static Failed failed(ExchangeOutcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return (Failed) outcome;
    }
}
