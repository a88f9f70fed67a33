package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamListenerTest extends ListenerContract {
    private static final int BUFFER = 65_536;

    @TempDir
    private Path folder;

    private final List<SocketChannel> clients = new ArrayList<>();
    private @Nullable SocketChannel client;

    @Override
    Listener newListener(DatagramHandler handler, Instruments instruments) {
        return new StreamListener(path().toString(), BUFFER, handler, instruments);
    }

    @Override
    boolean usesMarkers() {
        return false;
    }

    @Override
    void send(byte[] datagram) throws IOException {
        SocketChannel connected = client == null ? connect() : client;
        client = connected;
        write(connected, frame(datagram));
    }

    @AfterEach
    void disconnect() throws IOException {
        for (SocketChannel open : clients) {
            open.close();
        }
    }

    @Test
    void aFrameThatComesByteByByteIsOneDatagram() throws IOException {
        SocketChannel slow = connect();
        byte[] bytes = HexFormat.of().parseHex("05000000613a317c6300000000" + "03000000787979");
        for (byte single : bytes) {
            write(slow, new byte[] {single});
            assertThat(listener().drain(inMs(5_000))).isTrue();
        }
        assertThat(texts(received.await(2))).containsExactly("a:1|c", "xyy");
    }

    @Test
    void manyClientsAreReadSideBySide() throws IOException {
        List<SocketChannel> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.add(connect());
        }
        byte[] frame = frame(new byte[] {'a', 'b'});
        for (SocketChannel each : many) {
            write(each, java.util.Arrays.copyOf(frame, 5));
        }
        for (SocketChannel each : many) {
            write(each, new byte[] {'b'});
        }
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(100);
    }

    @Test
    void oneClientTooManyIsRefusedUntilAnotherLeaves() throws IOException {
        for (int i = 0; i < StreamSockets.MAX_CONNECTIONS; i++) {
            write(connect(), frame(new byte[] {1}));
        }
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(connect().read(ByteBuffer.allocate(1))).as("closed").isEqualTo(-1);
        assertThat(counters.value(Counter.STREAM_REFUSED)).isEqualTo(1);
        clients.getFirst().close();
        assertThat(listener().drain(inMs(5_000))).isTrue();
        write(connect(), frame(new byte[] {1}));
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(StreamSockets.MAX_CONNECTIONS + 1);
    }

    @Test
    void aFrameOverTheLimitClosesItsConnectionAndNoOther() throws IOException {
        SocketChannel good = connect();
        SocketChannel bad = connect();
        write(bad, HexFormat.of().parseHex("0100000078" + "01000100")); // 65,537
        assertThat(bad.read(ByteBuffer.allocate(1))).as("closed").isEqualTo(-1);
        SocketChannel worse = connect();
        write(worse, HexFormat.of().parseHex("ffffffff")); // more than an int
        assertThat(worse.read(ByteBuffer.allocate(1))).as("closed").isEqualTo(-1);
        write(good, frame(new byte[] {'y'}));
        assertThat(texts(received.await(2))).containsExactly("x", "y");
        assertThat(counters.value(Counter.STREAM_TOO_LARGE)).isEqualTo(2);
    }

    @Test
    void aClientThatLeavesInsideAFrameIsCounted() throws IOException {
        SocketChannel polite = connect();
        write(polite, frame(new byte[] {1}));
        polite.close();
        SocketChannel abrupt = connect();
        write(abrupt, HexFormat.of().parseHex("0500000061"));
        abrupt.close();
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(1);
        assertThat(counters.value(Counter.STREAM_CUT)).isEqualTo(1);
    }

    @Test
    void everyoneMayWriteToTheFileAndItIsGoneAfterClose() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
                .isEqualTo("rwx-w--w-");
        listener().close();
        assertThat(path()).doesNotExist();
    }

    @Test
    void aSocketLeftBehindIsReplaced() throws IOException {
        Path other = folder.resolve("left");
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(other));
        }
        assertThat(other).exists();
        try (StreamListener successor = at(other)) {
            successor.start();
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(other))) {
                write(caller, frame(new byte[] {1}));
                assertThat(successor.drain(inMs(5_000))).isTrue();
            }
        }
        assertThat(received.count()).isEqualTo(1);
    }

    @Test
    void whatIsNoSocketStaysAndIsAnError() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "precious");
        try (StreamListener refused = at(file)) {
            assertThatThrownBy(refused::start).isInstanceOf(IOException.class).hasMessageContaining("no socket");
        }
        assertThat(file).hasContent("precious");
        try (StreamListener nowhere = at(folder.resolve("no/such/folder"))) {
            assertThatThrownBy(nowhere::start).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSocketThatIsInUseStaysItsOwners() throws IOException {
        Path taken = folder.resolve("taken");
        try (ServerSocketChannel owner = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            owner.bind(UnixDomainSocketAddress.of(taken));
            try (StreamListener refused = at(taken)) {
                assertThatThrownBy(refused::start)
                        .isInstanceOf(IOException.class)
                        .hasMessage("in use by another process");
            }
            try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(taken))) {
                assertThat(caller.isConnected()).as("the owner is still there").isTrue();
            }
        }
    }

    @Test
    void aRemovedFileIsNoticedAtADrainAndMadeAnewWhileClientsStay() throws IOException {
        send(new byte[] {1});
        assertThat(listener().drain(inMs(5_000))).isTrue();
        Files.delete(path());
        listener().drain(inMs(5_000)); // not sure if the turn before it has noticed already
        awaitFile();
        awaitState(Listener.State.RUNNING);
        assertThat(counters.value(Counter.LISTENER_RESTARTS)).isEqualTo(1);
        send(new byte[] {2});
        write(connect(), frame(new byte[] {3}));
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(3);
    }

    @Test
    void aPathThatIsTakenMeanwhileIsTriedForAgainAndDelaysNoDrain() throws IOException {
        Files.delete(path());
        Files.writeString(path(), "somebody else's");
        listener().drain(inMs(5_000));
        awaitState(Listener.State.FAILING);
        assertThat(listener().drain(inMs(60_000))).isFalse();
        Files.delete(path());
        awaitState(Listener.State.RUNNING);
        write(connect(), frame(new byte[] {1}));
        assertThat(listener().drain(inMs(5_000))).isTrue();
        assertThat(received.count()).isEqualTo(1);
    }

    private StreamListener at(Path other) {
        return new StreamListener(
                other.toString(), BUFFER, received, new Instruments(clock, counters, new Log(Log.Level.OFF)));
    }

    private Path path() {
        return folder.resolve("dsd.sock");
    }

    private void awaitFile() {
        long deadlineNs = clock.nowNs() + 5_000_000_000L;
        while (!Files.exists(path()) && clock.nowNs() - deadlineNs < 0) {
            Thread.onSpinWait();
        }
    }

    private SocketChannel connect() throws IOException {
        SocketChannel connected = SocketChannel.open(UnixDomainSocketAddress.of(path()));
        clients.add(connected);
        return connected;
    }

    private static void write(SocketChannel channel, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static byte[] frame(byte[] datagram) {
        return ByteBuffer.allocate(4 + datagram.length)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .putInt(datagram.length)
                .put(datagram)
                .array();
    }

    private static List<String> texts(List<byte[]> datagrams) {
        List<String> texts = new ArrayList<>();
        for (byte[] datagram : datagrams) {
            texts.add(new String(datagram, java.nio.charset.StandardCharsets.UTF_8));
        }
        return texts;
    }
}
