package io.dogsled.testserver;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket and the open connections. One virtual thread accepts, one virtual thread runs each connection;
 * any thread may refuse, open again, or close.
 *
 * <p>While connections are refused, a bound socket that does not listen keeps the port, so that no other process of the
 * machine can be given it; the kernel answers a connect to it with a reset, which is what a refused connection is.
 */
final class Acceptor {
    private static final int BACKLOG = 1024;

    private final Function<Socket, Connection> connections;
    private final Map<Connection, Thread> open = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private final InetSocketAddress address;
    private ServerSocket listener; // guarded by this
    private @Nullable Socket portKeeper; // guarded by this
    private boolean closed; // guarded by this

    /** Listens from now on; {@code port} 0 takes a free one. */
    Acceptor(InetAddress host, int port, Function<Socket, Connection> connections) throws IOException {
        this.connections = connections;
        listener = listen(new InetSocketAddress(host, port));
        address = new InetSocketAddress(host, listener.getLocalPort());
    }

    /** Begins to accept. */
    synchronized void start() {
        ServerSocket accepting = listener;
        Thread.ofVirtual().name("testserver-accept").start(() -> acceptAll(accepting));
    }

    InetSocketAddress address() {
        return address;
    }

    /** How many connections have been accepted since the start. */
    long accepted() {
        return accepted.get();
    }

    /** Closes the listener and every connection on which nothing is in flight; new connections are refused. */
    synchronized void refuse() throws IOException {
        if (closed || portKeeper != null) {
            return;
        }
        listener.close();
        Socket keeper = new Socket();
        keeper.setReuseAddress(true);
        keeper.bind(address);
        portKeeper = keeper;
        open.keySet().forEach(Connection::stop);
    }

    /** Listens again on the same port. */
    synchronized void resume() throws IOException {
        Socket keeper = portKeeper;
        if (closed || keeper == null) {
            return;
        }
        listener = listen(address);
        keeper.close();
        portKeeper = null;
        start();
    }

    void closeIdle(Duration longerThan) {
        long ns = longerThan.toNanos();
        open.keySet().forEach(connection -> connection.closeIfIdle(ns));
    }

    /** Stops listening, lets what is in flight end for at most {@code grace}, then cuts the rest. May run twice. */
    void close(Duration grace) throws IOException {
        synchronized (this) {
            closed = true;
            listener.close();
            if (portKeeper != null) {
                portKeeper.close();
            }
        }
        open.keySet().forEach(Connection::stop);
        long deadlineNs = System.nanoTime() + grace.toNanos();
        for (Thread thread : open.values()) {
            join(thread, Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())));
        }
        open.keySet().forEach(Connection::close);
        for (Thread thread : open.values()) {
            join(thread, Duration.ofSeconds(1));
        }
    }

    private void acceptAll(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                begin(accepting.accept());
            } catch (IOException e) {
                // closed from outside, or one connection died before it was accepted
            }
        }
    }

    private void begin(Socket socket) {
        accepted.incrementAndGet();
        Connection connection = connections.apply(socket);
        Thread thread = Thread.ofVirtual().name("testserver-connection").unstarted(() -> {
            try {
                connection.run();
            } finally {
                open.remove(connection);
            }
        });
        synchronized (this) {
            if (closed || portKeeper != null) {
                connection.close();
                return;
            }
            open.put(connection, thread);
        }
        thread.start();
    }

    private static ServerSocket listen(InetSocketAddress where) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(where, BACKLOG);
        return socket;
    }

    private static void join(Thread thread, Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
