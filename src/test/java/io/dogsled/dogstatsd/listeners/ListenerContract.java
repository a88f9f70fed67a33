package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every listener promises. */
abstract class ListenerContract {
    final Clock clock = Clock.system();
    final Counters counters = new Counters();
    final ReceivedDatagrams received = new ReceivedDatagrams();
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        listener = newListener(received, new Instruments(clock, counters, new Log(Log.Level.OFF)));
        listener.start();
    }

    @AfterEach
    void stop() {
        received.release();
        listener.close();
    }

    /** A listener that is not started yet. */
    abstract Listener newListener(DatagramHandler handler, Instruments instruments) throws IOException;

    /** Sends one datagram to the listener. */
    abstract void send(byte[] datagram) throws IOException;

    /** Whether a drain waits for a marker, which may not come. */
    boolean usesMarkers() {
        return true;
    }

    final Listener listener() {
        return listener;
    }

    @Test
    void datagramsComeWholeAndInOrder() throws IOException {
        byte[] largest = new byte[65_507];
        java.util.Arrays.fill(largest, (byte) 'x');
        send(new byte[] {1});
        send(largest);
        send(new byte[] {2, 3});
        List<byte[]> all = received.await(3);
        assertThat(all).hasSize(3);
        assertThat(all.get(0)).containsExactly(1);
        assertThat(all.get(1)).isEqualTo(largest);
        assertThat(all.get(2)).containsExactly(2, 3);
    }

    @Test
    void aDrainEndsWhenEverythingSentBeforeHasBeenHandled() throws IOException {
        for (int round = 1; round <= 20; round++) {
            for (int i = 0; i < 50; i++) {
                send(new byte[] {(byte) i});
            }
            assertThat(listener.drain(inMs(5_000))).isTrue();
            assertThat(received.count()).isEqualTo(50 * round);
        }
    }

    @Test
    void aDrainOfAnEmptySocketEnds() {
        assertThat(listener.drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isZero();
    }

    @Test
    void aDrainGivesUpAtItsDeadline() throws IOException {
        received.hold();
        send(new byte[] {1});
        received.await(1);
        long startNs = clock.nowNs();
        assertThat(listener.drain(inMs(50))).isFalse();
        assertThat(clock.nowNs() - startNs).isBetween(40_000_000L, 4_000_000_000L);
        assertThat(counters.value(Counter.DRAIN_FALLBACK)).isEqualTo(usesMarkers() ? 1 : 0);
        received.release();
        assertThat(listener.drain(inMs(5_000))).isTrue();
    }

    @Test
    void emptyDatagramsAreNotHandedOver() throws IOException {
        send(new byte[0]);
        send(new byte[] {1});
        send(new byte[0]);
        assertThat(listener.drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(1);
    }

    @Test
    void aDatagramAsLongAsAMarkerIsADatagram() throws IOException {
        byte[] imitation = new byte[24];
        send(imitation);
        assertThat(listener.drain(inMs(5_000))).isTrue();
        assertThat(received.await(1)).containsExactly(imitation);
    }

    @Test
    void aHandlerThatThrowsLosesItsDatagramOnly() throws IOException {
        received.failOnce();
        send(new byte[] {1});
        send(new byte[] {2});
        assertThat(received.await(2)).hasSize(2);
        assertThat(counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    @Test
    void afterCloseNothingIsHandedOverAndItMayBeClosedAgain() throws IOException {
        send(new byte[] {1});
        received.await(1);
        assertThat(listener.state()).isEqualTo(Listener.State.RUNNING);
        listener.close();
        listener.close();
        assertThat(listener.state()).isEqualTo(Listener.State.CLOSED);
        assertThat(received.thread().getName()).isEqualTo("dogstatsd");
        assertThat(received.thread().isAlive()).isFalse();
    }

    /** Waits for the listener to be in that state. */
    void awaitState(Listener.State wanted) {
        Deadline deadline = inMs(5_000);
        while (listener.state() != wanted && !deadline.isOver(clock.nowNs())) {
            Thread.onSpinWait();
        }
        assertThat(listener.state()).isEqualTo(wanted);
    }

    Deadline inMs(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }
}
