package io.dogsled.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that does on each connection exactly what a test says. The test server proper is for whole requests. */
final class ScriptedPeer implements AutoCloseable {
    /** What is done with the connection of this number, from 0. The socket is closed afterwards. */
    interface Script {
        void run(Link link, int number) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);

    ScriptedPeer(Script script) throws IOException {
        this(script, ServerSocketFactory.getDefault());
    }

    ScriptedPeer(Script script, ServerSocketFactory sockets) throws IOException {
        this(script, sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    /** Owns {@code server} from now on. */
    ScriptedPeer(Script script, ServerSocket server) {
        this.server = server;
        this.script = script;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        server.close();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = server.accept();
                int number = connections.getAndIncrement();
                Thread.ofVirtual().start(() -> serve(socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            script.run(new Link(socket, closed), number);
        } catch (IOException | InterruptedException e) {
            // the client ended the connection, which the test sees for itself
        }
    }

    /** One connection, seen from the server. */
    static final class Link {
        private final Socket socket;
        private final CountDownLatch closed;

        Link(Socket socket, CountDownLatch closed) {
            this.socket = socket;
            this.closed = closed;
        }

        /** Reads a whole request: its head as text. */
        String request() throws IOException {
            String head = head();
            int length = 0;
            for (String line : head.split("\r\n", -1)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Integer.parseInt(line.substring(15).trim());
                }
            }
            socket.getInputStream().readNBytes(length);
            return head;
        }

        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (!head.toString().endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    throw new IOException("the client closed");
                }
                head.append((char) b);
            }
            return head.toString();
        }

        /** Whether these bytes came; then answers with one character. */
        boolean hears(byte[] expected, char answer) {
            try {
                boolean same = Arrays.equals(socket.getInputStream().readNBytes(expected.length), expected);
                if (same) {
                    send(String.valueOf(answer));
                }
                return same;
            } catch (IOException e) {
                return false;
            }
        }

        /** A record of TLS as it is on the wire. */
        byte[] record() throws IOException {
            byte[] head = socket.getInputStream().readNBytes(5);
            int length = head.length < 5 ? 0 : ((head[3] & 0xFF) << 8) | (head[4] & 0xFF);
            byte[] all = Arrays.copyOf(head, head.length + length);
            System.arraycopy(socket.getInputStream().readNBytes(length), 0, all, head.length, length);
            return all;
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** A request, answered with 202 and a short body. */
        void accept() throws IOException {
            request();
            send("HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\n{}");
        }

        void close() throws IOException {
            socket.close();
        }

        /** Lets the close that follows be a reset. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
        }

        /** Stays silent until the test is over. */
        void hang() throws InterruptedException {
            closed.await();
        }
    }
}
