package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A port that somebody has is not handed to the extension, and the user is told. */
class StoryPortsTest {
    @Test
    void aTakenPortIsAvoided() throws IOException {
        InetAddress here = InetAddress.getLoopbackAddress();
        try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(here, 0));
                ServerSocket tcp = new ServerSocket(0, 1, here)) {
            assertThat(StoryPorts.udp(udp.getLocalPort())).isPositive().isNotEqualTo(udp.getLocalPort());
            assertThat(StoryPorts.tcp(tcp.getLocalPort())).isPositive().isNotEqualTo(tcp.getLocalPort());
        }
    }

    @Test
    void oneSentenceNamesBoth() {
        StoryPorts ports = StoryPorts.of(4001, 4002);

        assertThat(ports.variables()).isEqualTo(Map.of("DD_DOGSTATSD_PORT", "4001", "DD_DOGSLED_CONTROL_PORT", "4002"));
        assertThat(ports.sentence())
                .isEqualTo("Taken on this machine: UDP port 8125 (this story uses 4001), "
                        + "TCP port 8124 (this story uses 4002).");
        assertThat(StoryPorts.of(8125, 8124)).isEqualTo(new StoryPorts(Map.of(), ""));
    }

    @Test
    void aPortThatTheUserChoseIsLeftAlone() {
        Map<String, String> chosen = Map.of("DD_DOGSTATSD_PORT", "1", "DD_DOGSLED_CONTROL_PORT", "0");

        assertThat(StoryPorts.avoidingTaken(chosen)).isEqualTo(new StoryPorts(Map.of(), ""));
    }
}
