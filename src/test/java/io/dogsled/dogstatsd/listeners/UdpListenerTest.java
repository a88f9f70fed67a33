package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Instruments;
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
    void aPortInUseIsAnErrorWithAReason() {
        assertThatThrownBy(() -> UdpListener.bind(
                                "127.0.0.1",
                                listener().localPort(),
                                0,
                                received,
                                new Instruments(
                                        clock, counters, new io.dogsled.base.Log(io.dogsled.base.Log.Level.OFF)))
                        .close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void onAllAddressesItsMarkersStillFindIt() throws IOException {
        try (UdpListener everywhere = UdpListener.bind(
                "0.0.0.0",
                0,
                65_536,
                received,
                new Instruments(clock, counters, new io.dogsled.base.Log(io.dogsled.base.Log.Level.OFF)))) {
            everywhere.start();
            assertThat(everywhere.drain(inMs(5_000))).isTrue();
        }
    }
}
