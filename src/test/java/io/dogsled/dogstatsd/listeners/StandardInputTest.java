package io.dogsled.dogstatsd.listeners;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A process whose fd 0 is a UDP socket, which bash opens for it: a file read of a socket is what production depends on. */
@Timeout(60)
class StandardInputTest {
    private DatagramSocket peer;
    private Process process;
    private BufferedReader output;
    private SocketAddress child;

    @BeforeEach
    void startChild() throws IOException {
        peer = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        peer.setSoTimeout(30_000);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        process = new ProcessBuilder(
                        "bash",
                        "-c",
                        "exec 0<>/dev/udp/127.0.0.1/$0 && echo here >&0 && exec \"$@\"",
                        Integer.toString(peer.getLocalPort()),
                        java,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StandardInputMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.inputReader(StandardCharsets.UTF_8);
        DatagramPacket hello = new DatagramPacket(new byte[16], 16);
        peer.receive(hello);
        child = hello.getSocketAddress();
    }

    @AfterEach
    void stopChild() {
        process.destroyForcibly();
        peer.close();
    }

    @Test
    void fdZeroIsReadDatagramByDatagramDrainedAndLeft() throws IOException, InterruptedException {
        send(new byte[7]); // before the process reads: the kernel keeps it
        expect("started");
        expect("datagram 7");
        send(new byte[0]);
        send(new byte[65_507]);
        expect("datagram 65507");
        order("drain");
        expect("datagram 5");
        sendTheMarkerItAsksFor();
        expect("drained true 0");
        send(new byte[0]);
        order("close");
        expect("datagram 5");
        sendTheMarkerItAsksFor();
        expect("closed");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void whatTheKernelDropsAtFdZeroIsCountedExactly() throws IOException, InterruptedException {
        send(new byte[7]);
        expect("started");
        expect("datagram 7");
        signal("STOP");
        int flood = 3_000; // ten times what fits into the default buffer
        for (int i = 0; i < flood; i++) {
            send(new byte[7]);
        }
        signal("CONT");

        long read = 0;
        String line = output.readLine();
        while (line.equals("datagram 7")) {
            read++;
            if (read == 150) {
                order("drops"); // the kernel gives room back by quarters of the buffer
            }
            line = output.readLine();
        }
        assertThat(line).isEqualTo("datagram 5");
        line = output.readLine();
        assertThat(read).isBetween(150L, flood - 1L);
        assertThat(line).isEqualTo("dropped " + (flood - read));
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private void sendTheMarkerItAsksFor() throws IOException {
        String line = output.readLine();
        assertThat(line).startsWith("mark ");
        send(HexFormat.of().parseHex(line.substring(5)));
    }

    private void order(String order) throws IOException {
        send(order.getBytes(StandardCharsets.US_ASCII));
    }

    private void send(byte[] datagram) throws IOException {
        peer.send(new DatagramPacket(datagram, datagram.length, child));
    }

    private void expect(String line) throws IOException {
        String next = output.readLine();
        while (next != null && next.startsWith("mark ")) { // asked for again because the machine is slow
            next = output.readLine();
        }
        assertThat(next).isEqualTo(line);
    }
}
