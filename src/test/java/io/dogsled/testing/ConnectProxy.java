package io.dogsled.testing;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A small HTTP proxy on an ephemeral port: tunnels by CONNECT, and requests with a whole address as their target. Whatever host is
 * asked for, it goes to the one port of this machine that it was made for, so that a test may ask for a host that does not
 * exist. Any thread.
 */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int intakePort;
    private final String authorization;
    private final List<String> heads = new CopyOnWriteArrayList<>();

    private ConnectProxy(int intakePort, String authorization) throws IOException {
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.intakePort = intakePort;
        this.authorization = authorization;
        Thread.ofVirtual().start(this::accept);
    }

    /** For everybody. */
    public static ConnectProxy open(int intakePort) throws IOException {
        return new ConnectProxy(intakePort, "");
    }

    /** For one user; others get 407. */
    public static ConnectProxy closed(int intakePort, String user, String password) throws IOException {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        String value = Base64.getEncoder().encodeToString(pair);
        return new ConnectProxy(intakePort, "\r\nProxy-Authorization: Basic " + value + "\r\n");
    }

    public int port() {
        return server.getLocalPort();
    }

    /** The head of each request that came, as text. */
    public List<String> heads() {
        return heads;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            heads.add(head);
            if (!head.contains(authorization)) {
                send(client, "HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"r\"\r\nContent-Length: 0\r\n\r\n");
                return;
            }
            try (Socket intake = new Socket(InetAddress.getLoopbackAddress(), intakePort)) {
                if (head.startsWith("CONNECT ")) {
                    send(client, "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n");
                } else {
                    send(intake, straight(head));
                }
                Thread.ofVirtual().start(() -> pump(intake, client));
                pump(client, intake);
            }
        } catch (IOException e) {
            // one side ended the connection, which the test sees for itself
        }
    }

    /** As the intake wants it: the path alone, and nothing that is for the proxy. Later requests pass as they are. */
    private static String straight(String head) {
        String path = head.replaceFirst("^(\\S+) http://[^/\\s]+", "$1 ");
        return path.replaceFirst("Proxy-Authorization: [^\r]*\r\n", "");
    }

    private static void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // as in serve
        }
    }

    private static void send(Socket to, String text) throws IOException {
        OutputStream out = to.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the client closed");
            }
            head.append((char) b);
        }
        return head.toString();
    }
}
