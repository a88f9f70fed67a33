package io.dogsled.emulator;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * The listening socket and its connections. {@link #open} and {@link #close} may alternate: the port stays the same, so that a
 * test can let the platform vanish and come back. One virtual thread accepts, one serves each connection.
 */
final class ApiServer implements AutoCloseable {
    private final InetAddress address;
    private final Router router;
    private final Faults faults;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile ServerSocket listener;
    private volatile Thread accepting;

    /** Binds an ephemeral port of the address and listens. */
    ApiServer(InetAddress address, Router router, Faults faults) {
        this.address = address;
        this.router = router;
        this.faults = faults;
        this.listener = listen(0);
        this.accepting = accept(listener);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@code host:port} as in {@code AWS_LAMBDA_RUNTIME_API}; an IPv6 address in brackets. */
    String authority() {
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /** Listens again on the port of before. */
    void open() {
        if (listener.isClosed()) {
            listener = listen(port());
            accepting = accept(listener);
        }
    }

    /** Refuses new connections and drops the ones there are. The port is closed only when its accepting thread is gone. */
    void drop() {
        closeQuietly(listener);
        try {
            accepting.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(ApiServer::closeQuietly);
    }

    @Override
    public void close() {
        over.countDown();
        drop();
    }

    private ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port), 128);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address.getHostAddress() + ":" + port, e);
        }
    }

    private Thread accept(ServerSocket from) {
        return Thread.ofVirtual().name("lambda-api-accept").start(() -> {
            while (!from.isClosed()) {
                try {
                    Socket socket = from.accept();
                    connections.add(socket);
                    Thread.ofVirtual().name("lambda-api").start(() -> serve(socket));
                } catch (IOException e) {
                    // the listener was closed; the loop ends by its own condition
                }
            }
        });
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedInputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            boolean open = true;
            while (open) {
                Optional<ApiRequest> request = ApiRequest.read(in, out);
                open = request.isPresent() && answer(request.get(), socket, out);
            }
        } catch (IOException | NumberFormatException e) {
            // a client that went away or spoke nonsense; what it did to the state machine is already recorded
        } finally {
            connections.remove(socket);
        }
    }

    /** Handles one request; false if the connection is finished. */
    private boolean answer(ApiRequest request, Socket socket, OutputStream out) throws IOException {
        Optional<Fault> fault = router.route(request).flatMap(faults::take);
        if (fault.isEmpty()) {
            Optional<ApiReply> reply = router.answer(request);
            return reply.isPresent() && ReplyWriter.write(out, reply.get(), Fault.Wire.PLAIN, request.wantsClose());
        }
        sleep(fault.get().delay());
        return switch (fault.get().instead()) {
            case NOTHING -> answerBent(request, out, fault.get());
            case ANSWER -> {
                router.noteCall(request);
                ApiReply reply = fault.get().rewrite(ApiReply.empty(500));
                yield ReplyWriter.write(out, reply, Fault.Wire.PLAIN, request.wantsClose());
            }
            case RESET -> {
                router.noteCall(request);
                socket.setSoLinger(true, 0);
                yield false;
            }
            case HANG -> {
                router.noteCall(request);
                awaitEnd();
                yield false;
            }
        };
    }

    private boolean answerBent(ApiRequest request, OutputStream out, Fault fault) throws IOException {
        Optional<ApiReply> reply = router.answer(request);
        return reply.isPresent()
                && ReplyWriter.write(out, fault.rewrite(reply.get()), fault.wire(), request.wantsClose());
    }

    private void awaitEnd() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // closing is all we wanted
        }
    }
}
