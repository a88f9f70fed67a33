package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ForwardingTest {
    private final Counters counters = new Counters();
    private final Instruments instruments = new Instruments(Clock.system(), counters, new Log(Log.Level.OFF));

    @Test
    void everyDatagramArrivesInOrderWhetherItCameBeforeTheChannelOrAfter() throws IOException {
        try (DatagramSocket target = target();
                Forwarding forwarding = to(target.getLocalPort())) {
            forward(forwarding, "early 1");
            forward(forwarding, "early 2");
            forwarding.start();
            assertThat(receive(target)).isEqualTo("early 1");
            assertThat(receive(target)).isEqualTo("early 2");
            forward(forwarding, "late");
            assertThat(receive(target)).isEqualTo("late");
            assertThat(counters.value(Counter.FORWARDED)).isEqualTo(3);
            assertThat(counters.value(Counter.FORWARD_DROPPED)).isZero();
        }
    }

    @Test
    void whatWaitsForTheChannelIsBounded() {
        byte[] large = new byte[65_536];
        try (Forwarding never = to(9)) {
            for (int i = 0; i < 6; i++) {
                never.forward(large, large.length);
            }
            assertThat(counters.value(Counter.FORWARD_DROPPED)).isEqualTo(2);
        }
        assertThat(counters.value(Counter.FORWARD_DROPPED))
                .as("what waited is counted at the end")
                .isEqualTo(6);
    }

    @Test
    void aNameThatDoesNotExistForwardsNothingAndCounts() {
        try (Forwarding lost = new Forwarding("[no address", 9, instruments)) {
            forward(lost, "a");
            lost.start();
            awaitCount(Counter.FORWARD_DROPPED, 1);
            forward(lost, "b");
            assertThat(counters.value(Counter.FORWARD_DROPPED)).isEqualTo(2);
            assertThat(counters.value(Counter.FORWARDED)).isZero();
        }
    }

    @Test
    void aTargetThatGoesAndComesBackCostsWhatWasSentMeanwhile() throws IOException {
        int port;
        try (DatagramSocket gone = target()) {
            port = gone.getLocalPort();
        }
        try (Forwarding forwarding = to(port)) {
            forwarding.start();
            forward(forwarding, "nobody hears");
            awaitCount(Counter.FORWARDED, 1);
            forward(forwarding, "learns of it"); // the refusal of the first is told now
            assertThat(counters.value(Counter.FORWARD_DROPPED)).isPositive();
            try (DatagramSocket back = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                back.setSoTimeout(5_000);
                forward(forwarding, "hello");
                assertThat(receive(back)).isEqualTo("hello");
            }
        }
    }

    @Test
    void whatNoDatagramCanHoldIsDroppedAndCounted() throws IOException {
        try (DatagramSocket target = target();
                Forwarding forwarding = to(target.getLocalPort())) {
            forwarding.start();
            forwarding.forward(new byte[65_536], 65_536);
            forward(forwarding, "small");
            assertThat(receive(target)).isEqualTo("small");
            assertThat(counters.value(Counter.FORWARD_DROPPED)).isEqualTo(1);
        }
    }

    private Forwarding to(int port) {
        return new Forwarding("127.0.0.1", port, instruments);
    }

    private void awaitCount(Counter counter, long count) {
        long deadlineNs = System.nanoTime() + 8_000_000_000L;
        while (counters.value(counter) < count && System.nanoTime() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
        assertThat(counters.value(counter)).isEqualTo(count);
    }

    private static DatagramSocket target() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static void forward(Forwarding forwarding, String datagram) {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        forwarding.forward(bytes, bytes.length);
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1_000], 1_000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
