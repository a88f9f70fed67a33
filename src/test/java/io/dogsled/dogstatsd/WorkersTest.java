package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** A server with workers, over a real socket. */
class WorkersTest {
    private final Instruments instruments = Settings.instruments();
    private final GatedSink sink = new GatedSink();

    /** While all workers are busy, datagrams are joined; the packets are what the workers then parse. */
    @ParameterizedTest(name = "{0}")
    @CasesSource("assembler")
    void datagramsAreJoinedAsTheAgentJoinsThem(Case c) throws Exception {
        try (DogStatsDServer server = server(2, c.input().get("buffer").asInt(), false)) {
            holdBothWorkers(server);
            List<List<String>> expected = new ArrayList<>();
            c.expect().get("packets").forEach(packet -> expected.add(names(packet.asText())));
            for (var message : c.input().get("messages")) {
                send(server, message.asText());
            }
            awaitDatagrams(2 + c.input().get("messages").size());
            sink.openGate();
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.packets()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void aDrainCoversTheQueueAndTheWorkers() throws Exception {
        try (DogStatsDServer server = server(3, 8_192, false)) {
            for (int round = 1; round <= 20; round++) {
                for (int i = 0; i < 50; i++) {
                    send(server, "a:1|c\nb:1|c");
                }
                assertThat(server.drain(inMs(5_000))).isTrue();
                assertThat(sink.names()).hasSize(100 * round);
            }
            assertThat(instruments.counters().value(Counter.DATAGRAMS)).isEqualTo(1_000);
            assertThat(instruments.counters().value(Counter.BYTES)).isEqualTo(11_000);
        }
    }

    @Test
    void aDrainThatCannotBeSureSaysSo() throws Exception {
        try (DogStatsDServer server = server(2, 8_192, false)) {
            holdBothWorkers(server);
            assertThat(server.drain(inMs(30))).isFalse();
            sink.openGate();
            assertThat(server.drain(inMs(5_000))).isTrue();
        }
    }

    @Test
    void joiningDoesNotEndALineThatHadNoEnd() throws Exception {
        try (DogStatsDServer server = server(2, 8_192, true)) {
            send(server, "hold:1|c\n");
            sink.awaitHeld(1);
            send(server, "hold:1|c\n");
            sink.awaitHeld(2);
            send(server, "a:1|c\ncut:1|c");
            send(server, "cut:1|c");
            send(server, "b:1|c\n");
            awaitDatagrams(5);
            sink.openGate();
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.packets()).containsExactly(List.of("a", "b"));
            assertThat(instruments.counters().value(Counter.REJECTED_UNTERMINATED))
                    .isEqualTo(2);
        }
    }

    @Test
    void aWorkerSurvivesAnError() throws Exception {
        try (DogStatsDServer server = server(1, 8_192, false)) {
            send(server, "fail:1|c");
            assertThat(server.drain(inMs(5_000))).isTrue();
            send(server, "a:1|c");
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.names()).contains("a");
            assertThat(instruments.counters().value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
        }
    }

    @Test
    void whatWasReceivedBeforeACloseIsHandled() throws Exception {
        DogStatsDServer server = server(1, 8_192, false);
        send(server, "hold:1|c");
        sink.awaitHeld(1);
        send(server, "a:1|c");
        awaitDatagrams(2);
        sink.openGate();
        server.close();
        assertThat(sink.names()).containsExactly("hold", "a");
    }

    private DogStatsDServer server(int workers, int bufferBytes, boolean eolRequired) throws IOException {
        Config.Transports transports =
                new Config.Transports("", "", false, bufferBytes, 1_024, Config.Forward.NOWHERE, 0);
        return DogStatsDServer.newServer(
                Settings.withWorkers(workers, transports).withEolRequired(eolRequired), sink, instruments);
    }

    private void holdBothWorkers(DogStatsDServer server) throws Exception {
        send(server, "hold:1|c");
        sink.awaitHeld(1);
        send(server, "hold:1|c");
        sink.awaitHeld(2);
    }

    private void awaitDatagrams(int count) {
        Deadline deadline = inMs(5_000);
        while (instruments.counters().value(Counter.DATAGRAMS) < count
                && !deadline.isOver(instruments.clock().nowNs())) {
            Thread.onSpinWait();
        }
        assertThat(instruments.counters().value(Counter.DATAGRAMS)).isEqualTo(count);
    }

    private Deadline inMs(long ms) {
        return Deadline.after(instruments.clock().nowNs(), ms);
    }

    private static List<String> names(String packet) {
        List<String> names = new ArrayList<>();
        for (String line : packet.split("\n", -1)) {
            names.add(line.substring(0, line.indexOf(':')));
        }
        return names;
    }

    private static void send(DogStatsDServer server, String datagram) throws IOException {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), server.localPort()));
        }
    }
}
