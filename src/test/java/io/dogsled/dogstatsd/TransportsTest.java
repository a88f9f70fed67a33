package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.Listener;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;

/** Servers with more than one way in, and a second way out. */
class TransportsTest {
    private static final int OFF = 0;

    @TempDir
    private Path folder;

    private final Instruments instruments = Settings.instruments();
    private final GatedSink sink = new GatedSink();

    @ParameterizedTest(name = "{0}")
    @CasesSource("uds.stream")
    void aStreamIsCutIntoFramesAsTheAgentCutsIt(Case c) throws IOException {
        int buffer = c.input().path("buffer").asInt(8_192);
        try (DogStatsDServer server = newServer(OFF, transports(path(), buffer, Config.Forward.NOWHERE, 0));
                SocketChannel client = connect()) {
            client.write(
                    ByteBuffer.wrap(HexFormat.of().parseHex(c.input().get("hex").asText())));
            assertThat(server.drain(inMs(5_000))).isTrue();
            List<List<String>> expected = new ArrayList<>();
            for (JsonNode packet : c.expect().get("packets")) {
                expected.add(
                        List.of(packet.asText().substring(0, packet.asText().indexOf(':'))));
            }
            assertThat(sink.packets()).isEqualTo(expected);
            client.configureBlocking(false);
            boolean closed = client.read(ByteBuffer.allocate(1)) < 0;
            assertThat(closed).isEqualTo(c.expect().path("connection").asText().equals("closed"));
            assertThat(instruments.counters().value(Counter.STREAM_TOO_LARGE)).isEqualTo(closed ? 1 : 0);
        }
    }

    @Test
    void oneDrainCoversEveryListener() throws IOException {
        Config.Transports both = transports(path(), 65_536, Config.Forward.NOWHERE, 10);
        try (DogStatsDServer server = newServer(Config.RANDOM_PORT, both);
                SocketChannel client = connect()) {
            for (int i = 0; i < 50; i++) {
                send(server, "udp:1|c");
                client.write(frame("uds:1|c"));
            }
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.names()).hasSize(100).contains("udp", "uds");
            assertThat(server.health())
                    .containsExactly(
                            new DogStatsDServer.Health("udp port " + server.localPort(), Listener.State.RUNNING),
                            new DogStatsDServer.Health("unix stream socket " + path(), Listener.State.RUNNING));
            long total = 0;
            for (long packets : server.packetsPerSecond()) {
                total += packets;
            }
            assertThat(total).isEqualTo(100);
            assertThat(server.isHealthy()).isTrue();
            assertThat(server.healthJson())
                    .isEqualTo("{\"healthy\":true,\"listeners\":[{\"name\":\"udp port " + server.localPort()
                            + "\",\"state\":\"running\"},{\"name\":\"unix stream socket " + path()
                            + "\",\"state\":\"running\"}]}");
            assertThat(server.statsJson())
                    .startsWith("{\"packets_per_second\":[")
                    .endsWith("],\"metrics_stats\":false}");
        }
        assertThat(path()).doesNotExist();
    }

    @Test
    void aListenerThatCannotStartLeavesTheOthers() throws IOException {
        Files.writeString(path(), "no socket");
        Config.Transports refused = transports(path(), 65_536, Config.Forward.NOWHERE, 0);
        try (DogStatsDServer server = newServer(Config.RANDOM_PORT, refused)) {
            send(server, "a:1|c");
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.names()).containsExactly("a");
            assertThat(server.isHealthy()).as("the stream socket is missing").isFalse();
            assertThat(server.healthJson())
                    .isEqualTo("{\"healthy\":false,\"listeners\":[{\"name\":\"udp port " + server.localPort()
                            + "\",\"state\":\"running\"},{\"name\":\"unix stream socket " + path()
                            + "\",\"state\":\"not started\"}]}");
        }
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                DogStatsDServer server =
                        newServer(taken.getLocalPort(), transports(other(), 65_536, Config.Forward.NOWHERE, 0))) {
            assertThat(server.localPort()).isZero();
            assertThat(server.health())
                    .containsExactly(
                            new DogStatsDServer.Health("unix stream socket " + other(), Listener.State.RUNNING),
                            new DogStatsDServer.Health("udp 127.0.0.1:" + taken.getLocalPort(), Listener.State.FAILED));
            assertThat(server.statsJson()).as("nothing is counted").isEmpty();
        }
    }

    @Test
    void withoutAnyListenerTheErrorNamesEachOfThem() throws IOException {
        Files.writeString(path(), "no socket");
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            newServer(taken.getLocalPort(), transports(path(), 65_536, Config.Forward.NOWHERE, 0)))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageStartingWith("listening on neither udp nor socket: udp 127.0.0.1:")
                    .hasMessageContaining("set DD_DOGSTATSD_PORT or DD_BIND_HOST; unix stream socket " + path())
                    .hasMessageContaining("no socket; set DD_DOGSTATSD_STREAM_SOCKET");
        }
    }

    @Test
    void withoutUdpAServerlessServerStartsItsSocketLater() throws IOException {
        List<String> arrived = new ArrayList<>();
        var none = new DogStatsDServer.InheritedSocket(0, "", false, payload -> {}, null, () -> arrived.add("one"));
        Config.Dogstatsd config = Settings.withTransports(OFF, transports(path(), 65_536, Config.Forward.NOWHERE, 0));
        try (DogStatsDServer server = DogStatsDServer.newServerlessServer(config, sink, none, instruments)) {
            assertThat(path()).doesNotExist();
            assertThat(server.drain(inMs(0))).isTrue();
            server.startOthers();
            try (SocketChannel client = connect()) {
                client.write(frame("a:1|c"));
                assertThat(server.drain(inMs(5_000))).isTrue();
            }
        }
        assertThat(sink.names()).containsExactly("a");
        assertThat(arrived).hasSize(1);
    }

    @Test
    void whatTheLauncherCouldNotBindIsMissing() throws IOException {
        var none = new DogStatsDServer.InheritedSocket(0, "", false, payload -> {}, null, () -> {});
        Config.Transports both =
                new Config.Transports("/no/dgram", path().toString(), false, 65_536, 1_024, Config.Forward.NOWHERE, 0);
        Config.Dogstatsd config = Settings.withTransports(8_125, both);
        try (DogStatsDServer server = DogStatsDServer.newServerlessServer(config, sink, none, instruments)) {
            server.startOthers();
            assertThat(server.isHealthy()).isFalse();
            assertThat(server.health())
                    .containsExactly(
                            new DogStatsDServer.Health("unix stream socket " + path(), Listener.State.RUNNING),
                            new DogStatsDServer.Health("udp port 8125", Listener.State.FAILED),
                            new DogStatsDServer.Health("unix datagram socket /no/dgram", Listener.State.FAILED));
        }
    }

    @Test
    void theEndOfALineIsRequiredWhereTheSettingSaysSo() throws IOException {
        Config.Transports onUnixSockets =
                new Config.Transports("", path().toString(), true, 65_536, 1_024, Config.Forward.NOWHERE, 0);
        try (DogStatsDServer server = newServer(Config.RANDOM_PORT, onUnixSockets);
                SocketChannel client = connect()) {
            send(server, "udp:1|c");
            client.write(frame("whole:1|c\ncut:1|c"));
            assertThat(server.drain(inMs(5_000))).isTrue();
        }
        assertThat(sink.names()).containsExactlyInAnyOrder("udp", "whole");
        assertThat(instruments.counters().value(Counter.REJECTED_UNTERMINATED)).isEqualTo(1);
    }

    @Test
    void everyTransportIsForwardedAsItCame() throws IOException {
        try (DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            target.setSoTimeout(5_000);
            Config.Forward forward = new Config.Forward("127.0.0.1", target.getLocalPort());
            try (DogStatsDServer server = newServer(Config.RANDOM_PORT, transports(path(), 65_536, forward, 0));
                    SocketChannel client = connect()) {
                send(server, "nonsense\n");
                assertThat(receive(target)).isEqualTo("nonsense\n");
                client.write(frame("a:1|c"));
                assertThat(receive(target)).isEqualTo("a:1|c");
                assertThat(sink.names()).containsExactly("a");
            }
        }
    }

    @Test
    void aTargetThatIsNotThereTakesNothingFromUs() throws IOException {
        int closed;
        try (DatagramSocket target = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            closed = target.getLocalPort();
        }
        Config.Forward forward = new Config.Forward("127.0.0.1", closed);
        try (DogStatsDServer server = newServer(Config.RANDOM_PORT, transports(null, 65_536, forward, 0))) {
            for (int i = 0; i < 100; i++) {
                send(server, "a:1|c");
            }
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.names()).hasSize(100);
        }
    }

    private DogStatsDServer newServer(int port, Config.Transports transports) throws IOException {
        return DogStatsDServer.newServer(Settings.withTransports(port, transports), sink, instruments);
    }

    private static Config.Transports transports(
            @org.jspecify.annotations.Nullable Path socket, int buffer, Config.Forward forward, int statisticsS) {
        return new Config.Transports(
                "", socket == null ? "" : socket.toString(), false, buffer, 1_024, forward, statisticsS);
    }

    private Path path() {
        return folder.resolve("dsd.sock");
    }

    private Path other() {
        return folder.resolve("other.sock");
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private static ByteBuffer frame(String datagram) {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(bytes.length)
                .put(bytes)
                .flip();
    }

    private Deadline inMs(long ms) {
        return Deadline.after(instruments.clock().nowNs(), ms);
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[1_000], 1_000);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }

    private static void send(DogStatsDServer server, String datagram) throws IOException {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket client = new DatagramSocket()) {
            client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), server.localPort()));
        }
    }
}
