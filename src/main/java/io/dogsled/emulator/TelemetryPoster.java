package io.dogsled.emulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The platform's client of a telemetry listener, with one connection that is kept between batches.
 *
 * <pre>
 * POST /path HTTP/1.1                        or, by TCP, one event a line:
 * Host: sandbox.localdomain:34567            {"time":…}LF
 * Content-Type: application/json             {"time":…}LF
 * Content-Length: n
 *
 * [{"time":…},{"time":…}]
 * </pre>
 *
 * Owned by one sending thread; {@link #close} may come from another.
 */
final class TelemetryPoster implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 1000;

    private final Subscription.Spec spec;
    private volatile Optional<Socket> connection = Optional.empty();
    private volatile boolean closed;

    TelemetryPoster(Subscription.Spec spec) {
        this.spec = spec;
    }

    /** Sends events; {@code onWritten} gets the time when the last byte was written. Returns the listener's status. */
    int send(List<String> events, LongConsumer onWritten) throws IOException {
        if (!spec.tcp()) {
            return post("[" + String.join(",", events) + "]", onWritten);
        }
        Socket socket = connected();
        socket.getOutputStream().write((String.join("\n", events) + "\n").getBytes(StandardCharsets.UTF_8));
        onWritten.accept(System.nanoTime());
        return 200;
    }

    /** Posts a body as it is. */
    int post(String body) throws IOException {
        return post(body, atNs -> {});
    }

    @Override
    public void close() {
        closed = true;
        disconnect();
    }

    private int post(String body, LongConsumer onWritten) throws IOException {
        boolean reused = connection.isPresent();
        try {
            return exchange(body, onWritten);
        } catch (IOException e) {
            disconnect();
            if (!reused || closed) {
                throw e;
            }
            return exchange(body, onWritten);
        }
    }

    private int exchange(String body, LongConsumer onWritten) throws IOException {
        Socket socket = connected();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        String head = "POST " + spec.path() + " HTTP/1.1\r\nHost: " + spec.host() + ":" + spec.port()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + bytes.length + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(start, start.length + bytes.length);
        System.arraycopy(bytes, 0, whole, start.length, bytes.length);
        OutputStream out = socket.getOutputStream();
        out.write(whole);
        onWritten.accept(System.nanoTime());
        return readStatus(new BufferedInputStream(socket.getInputStream()));
    }

    private int readStatus(InputStream in) throws IOException {
        String line = ApiRequest.readLine(in).orElseThrow(() -> new IOException("closed without an answer"));
        String[] parts = line.split(" ", 3);
        if (parts.length < 2) {
            throw new IOException("not an HTTP status line: " + line);
        }
        Map<String, String> headers = ApiRequest.readHeaders(in);
        boolean framed = headers.containsKey("content-length") || headers.containsKey("transfer-encoding");
        if (framed) {
            ApiRequest.readBody(in, headers);
        }
        if (!framed || headers.getOrDefault("connection", "").equalsIgnoreCase("close")) {
            disconnect();
        }
        return Integer.parseInt(parts[1]);
    }

    private Socket connected() throws IOException {
        if (connection.isPresent()) {
            return connection.get();
        }
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(address(), CONNECT_TIMEOUT_MS);
        connection = Optional.of(socket);
        if (closed) {
            disconnect();
            throw new IOException("closed");
        }
        return socket;
    }

    private InetSocketAddress address() {
        boolean here = spec.host().equals("sandbox") || spec.host().equals("sandbox.localdomain");
        return new InetSocketAddress(here ? "127.0.0.1" : spec.host(), spec.port());
    }

    private void disconnect() {
        Optional<Socket> socket = connection;
        connection = Optional.empty();
        try {
            if (socket.isPresent()) {
                socket.get().close();
            }
        } catch (IOException e) {
            // it is gone, which is all we wanted
        }
    }
}
