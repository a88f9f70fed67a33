package io.dogsled.it.contract;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A platform made of bytes: it keeps every request as it came and answers with what the test says, to the byte. For what the
 * local Lambda is too well-behaved to show: the exact requests, and answers in shapes that it does not have.
 */
final class RawPlatform implements AutoCloseable {
    /** What follows the status line of a registration: the identifier and an empty function. */
    static final String REGISTERED =
            "HTTP/1.1 200 OK\r\nLambda-Extension-Identifier: 7b6f0f2c-0b5a-4a3e-8c39-8c8c5d2c1f00\r\nContent-Length: 2\r\n\r\n{}";

    private final ServerSocket listener;
    private final Function<String, Optional<String>> answers;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger connected = new AtomicInteger();

    /** Listens on 127.0.0.1; {@code answers} gets a request and says what is sent back, nothing for an open poll. */
    RawPlatform(Function<String, Optional<String>> answers) {
        this.answers = answers;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers a registration and a subscription as the platform does, and leaves the rest to the test. */
    static Function<String, Optional<String>> from(Function<String, Optional<String>> next) {
        return request -> {
            if (request.contains("/register ")) {
                return Optional.of(REGISTERED);
            }
            return request.contains("/telemetry ")
                    ? Optional.of("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                    : next.apply(request);
        };
    }

    /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
    String authority() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** All requests so far, as they came. */
    List<String> requests() {
        return requests;
    }

    /** The requests whose first line contains this. */
    List<String> requests(String part) {
        return requests.stream()
                .filter(request -> request.lines().findFirst().orElse("").contains(part))
                .toList();
    }

    /** Connections that were accepted. */
    int connections() {
        return connected.get();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        connections.forEach(RawPlatform::closeQuietly);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connected.incrementAndGet();
                connections.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // closed: the loop ends by its own condition
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            while (true) {
                String request = read(in);
                requests.add(request);
                Optional<String> answer = answers.apply(request);
                if (answer.isPresent()) {
                    socket.getOutputStream().write(answer.get().getBytes(StandardCharsets.ISO_8859_1));
                    if (closes(answer.get())) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // the extension closed the connection, or the test did
        } finally {
            connections.remove(socket);
        }
    }

    /** An answer without a length ends with its connection; an empty one is a connection that breaks. */
    private static boolean closes(String answer) {
        String lower = answer.toLowerCase(Locale.ROOT);
        return lower.contains("connection: close")
                || (!lower.contains("content-length") && !lower.contains("transfer-encoding"));
    }

    private static String read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            head.append((char) b);
        }
        String text = head.toString();
        String name = "content-length: ";
        int at = text.toLowerCase(Locale.ROOT).indexOf(name);
        if (at < 0) {
            return text;
        }
        int length = Integer.parseInt(text.substring(at + name.length(), text.indexOf('\r', at)));
        return text + new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // closing is all we wanted
        }
    }
}
