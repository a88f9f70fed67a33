package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables as kernels write them, and as none does; {@link UdpListenerTest} reads the real ones. */
class SocketTableTest {
    private static final String HEADER =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref"
                    + " pointer drops             \n";
    private static final String COLUMNS = " 00000000:0000 07 00000000:00001D40 00:00000000 00000000     0        0 ";

    @TempDir
    private Path proc;

    private SocketTable table;

    @BeforeEach
    void processWithTwoSockets() throws IOException {
        Files.createDirectories(proc.resolve("self/fd"));
        Files.createDirectories(proc.resolve("net"));
        Files.createSymbolicLink(proc.resolve("self/fd/0"), Path.of("socket:[1152645]"));
        Files.createSymbolicLink(proc.resolve("self/fd/1"), Path.of("/dev/null"));
        Files.createSymbolicLink(proc.resolve("self/fd/7"), Path.of("socket:[77]"));
        table = new SocketTable(proc);
    }

    @Test
    void findsTheSocketOfADescriptorAndItsDrops() throws IOException {
        udp(" 4128: 0100007F:1FBD" + COLUMNS + "1152645 2 000000009d4d648f 91\n");

        assertThat(table.inodeOf(0)).isEqualTo("1152645");
        assertThat(table.drops("1152645")).isEqualTo(91);
    }

    @Test
    void readsTheSecondTableToo() throws IOException {
        udp("");
        udp6(" 9: 0000000000000000FFFF00000100007F:1FBD" + COLUMNS + "77 2 0000000000000000 4294967295 \n");

        assertThat(table.inodeOf(ip(127, 0, 0, 1), 8125)).isEqualTo("77");
        assertThat(table.drops("77")).isEqualTo(4_294_967_295L);
    }

    @Test
    void socketsOfOtherProcessesAndAddressesAreNotOurs() throws IOException {
        udp(" 1: 0100007F:1FBD" + COLUMNS + "5 2 0000000000000000 9\n"
                + " 2: 0200007F:1FBD" + COLUMNS + "77 2 0000000000000000 9\n"
                + " 3: 0100007F:1FBE" + COLUMNS + "77 2 0000000000000000 9\n");

        assertThatThrownBy(() -> table.inodeOf(ip(127, 0, 0, 1), 8125))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no socket");
        assertThat(table.inodeOf(ip(127, 0, 0, 2), 8125)).isEqualTo("77");
    }

    @Test
    void twoSocketsThatMayBeMeantAreNotGuessedAt() throws IOException {
        udp(" 1: 00000000:1FBD" + COLUMNS + "77 2 0000000000000000 9\n");
        udp6(" 2: 00000000000000000000000000000000:1FBD" + COLUMNS + "1152645 2 0000000000000000 9\n");

        assertThatThrownBy(() -> table.inodeOf(ip(0, 0, 0, 0), 8125))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than one");
    }

    @Test
    void anythingElseIsAnErrorWithAReason() throws IOException {
        assertThatThrownBy(() -> table.drops("77")).as("no /proc").isInstanceOf(IOException.class);
        assertThatThrownBy(() -> table.inodeOf(1)).hasMessageContaining("no socket");
        assertThatThrownBy(() -> table.inodeOf(2)).isInstanceOf(IOException.class);

        udp("");
        assertThatThrownBy(() -> table.drops("77")).hasMessageContaining("not in");
        udp(" 1: 00000000:1FBD" + COLUMNS + "77 2 0000000000000000 many\n");
        assertThatThrownBy(() -> table.drops("77")).hasMessageContaining("many");
        udp(" 1: 00000000:1FBD 77\n\n \n");
        assertThatThrownBy(() -> table.drops("77")).hasMessageContaining("not in");
        Files.writeString(proc.resolve("net/udp"), "  sl  local_address and something new\n");
        assertThatThrownBy(() -> table.drops("77")).hasMessageContaining("columns");
        Files.writeString(proc.resolve("net/udp"), "");
        assertThatThrownBy(() -> table.drops("77")).hasMessageContaining("columns");
    }

    private static InetAddress ip(int... bytes) throws IOException {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }

    private void udp(String lines) throws IOException {
        Files.writeString(proc.resolve("net/udp"), HEADER + lines);
    }

    private void udp6(String lines) throws IOException {
        Files.writeString(proc.resolve("net/udp6"), HEADER + lines);
    }
}
