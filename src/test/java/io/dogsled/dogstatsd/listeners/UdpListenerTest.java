package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class UdpListenerTest extends ListenerContract {
    @Override
    Listener newListener(DatagramHandler handler, Instruments instruments) throws IOException {
        return UdpListener.bind("127.0.0.1", 0, 0, handler, instruments);
    }

    @Override
    void send(byte[] datagram) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(
                    datagram,
                    datagram.length,
                    InetAddress.getLoopbackAddress(),
                    listener().localPort()));
        }
    }

    @Test
    void whatTheKernelDropsIsCountedExactlyAndOurMarkersAreNotAmongIt() throws IOException {
        try (UdpListener small = UdpListener.bind("127.0.0.1", 0, 4_096, received, instruments())) {
            small.start();
            received.hold();
            flood(small, 300);
            received.await(1);
            assertThat(small.drain(inMs(60))).as("markers find the socket full").isFalse();
            received.release();
            assertThat(small.drain(inMs(5_000))).isTrue();
            small.countKernelDrops();
            small.countKernelDrops();

            assertThat(received.count()).isLessThan(300);
            assertThat(counters.value(Counter.KERNEL_DROPPED)).isEqualTo(300 - received.count());
        }
    }

    @Test
    void aSocketOfTheSamePortAtAnotherAddressIsNotOurs() throws IOException {
        try (UdpListener small = UdpListener.bind("127.0.0.1", 0, 4_096, received, instruments());
                UdpListener other = UdpListener.bind("127.0.0.2", small.localPort(), 4_096, received, instruments())) {
            flood(small, 100);
            other.countKernelDrops();
            assertThat(counters.value(Counter.KERNEL_DROPPED)).isZero();

            small.countKernelDrops();
            assertThat(counters.value(Counter.KERNEL_DROPPED)).isBetween(1L, 99L);
        }
    }

    @Test
    void onAllAddressesTheKernelsCountIsFoundToo() throws IOException {
        try (UdpListener everywhere = UdpListener.bind("0.0.0.0", 0, 4_096, received, instruments())) {
            flood(everywhere, 100);
            everywhere.countKernelDrops();
            assertThat(counters.value(Counter.KERNEL_DROPPED)).isBetween(1L, 99L);
        }
    }

    @Test
    void aPortInUseIsAnErrorWithAReason() {
        assertThatThrownBy(() -> UdpListener.bind("127.0.0.1", listener().localPort(), 0, received, instruments())
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void aSocketThatWasClosedIsBoundAgainToItsPort() throws IOException {
        int port = listener().localPort();
        ((UdpListener) listener()).socket().close();
        Deadline deadline = inMs(5_000);
        while (received.count() == 0 && !deadline.isOver(clock.nowNs())) {
            send(new byte[] {1});
            Thread.onSpinWait();
        }
        assertThat(received.count()).isPositive();
        assertThat(listener().localPort()).isEqualTo(port);
        assertThat(listener().name()).isEqualTo("udp port " + port);
        assertThat(counters.value(Counter.LISTENER_RESTARTS)).isPositive();
        assertThat(listener().drain(inMs(5_000))).isTrue();
    }

    @Test
    void onAllAddressesItsMarkersStillFindIt() throws IOException {
        try (UdpListener everywhere = UdpListener.bind("0.0.0.0", 0, 65_536, received, instruments())) {
            everywhere.start();
            assertThat(everywhere.drain(inMs(5_000))).isTrue();
        }
    }

    private Instruments instruments() {
        return new Instruments(clock, counters, new Log(Log.Level.OFF));
    }

    private static void flood(UdpListener listener, int datagrams) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            for (int i = 0; i < datagrams; i++) {
                byte[] datagram = {1};
                socket.send(new DatagramPacket(
                        datagram, datagram.length, InetAddress.getLoopbackAddress(), listener.localPort()));
            }
        }
    }
}
