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
import java.util.concurrent.locks.ReentrantLock;
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
    private static final Duration ACCEPT_REST = Duration.ofMillis(5);

    private final Connections connections;
    private final Map<Connection, Thread> open = new ConcurrentHashMap<>();
    private final AtomicLong accepted = new AtomicLong();
    private final InetSocketAddress address;
    /** Held while the listener is closed or opened again, which takes longer than {@code this} may be held. */
    private final ReentrantLock doors = new ReentrantLock();

    private @Nullable Socket portKeeper; // guarded by doors
    private int refusals; // guarded by doors
    private ServerSocket listener; // guarded by this
    private @Nullable Thread acceptThread; // guarded by this
    private boolean refusing; // guarded by this
    private boolean closed; // guarded by this
    private Duration idleLimit = Duration.ZERO; // guarded by this

    /** Listens from now on; {@code port} 0 takes a free one. */
    Acceptor(InetAddress host, int port, Connections connections) throws IOException {
        this.connections = connections;
        listener = listen(new InetSocketAddress(host, port));
        address = new InetSocketAddress(host, listener.getLocalPort());
    }

    /** Begins to accept. */
    synchronized void start() {
        ServerSocket accepting = listener;
        acceptThread = Thread.ofVirtual().name("testserver-accept").start(() -> acceptAll(accepting));
    }

    InetSocketAddress address() {
        return address;
    }

    /** How many connections have been accepted since the start. */
    long accepted() {
        return accepted.get();
    }

    /**
     * Closes the listener and every connection on which nothing is in flight; new connections are refused.
     *
     * @return the number of this refusal, for {@link #resume}
     */
    int refuse() throws IOException {
        doors.lock();
        try {
            refusals++;
            if (!shut()) {
                return refusals;
            }
            Socket keeper = new Socket();
            keeper.setReuseAddress(true);
            keeper.bind(address);
            portKeeper = keeper;
            open.keySet().forEach(Connection::stop);
            return refusals;
        } finally {
            doors.unlock();
        }
    }

    /** Listens again on the same port. */
    void resume() throws IOException {
        doors.lock();
        try {
            reopen();
            if (portKeeper != null) {
                portKeeper.close();
                portKeeper = null;
            }
        } finally {
            doors.unlock();
        }
    }

    /** Listens again if this refusal is still the newest. */
    void resume(int refusal) throws IOException {
        doors.lock();
        try {
            if (refusal == refusals) {
                resume();
            }
        } finally {
            doors.unlock();
        }
    }

    /** From now on closes connections that have been idle for so long; zero = leaves them open. */
    synchronized void closeIdleAfter(Duration idle) {
        boolean sweeping = idleLimit.isPositive();
        idleLimit = idle;
        notifyAll();
        if (!sweeping && idle.isPositive()) {
            Thread.ofVirtual().name("testserver-idle").start(this::sweep);
        }
    }

    void closeIdle(Duration longerThan) {
        long ns = longerThan.toNanos();
        open.keySet().forEach(connection -> connection.closeIfIdle(ns));
    }

    /** Stops listening, lets what is in flight end for at most {@code grace}, then cuts the rest. May run twice. */
    void close(Duration grace) throws IOException {
        @Nullable Thread accepting;
        synchronized (this) {
            closed = true;
            notifyAll();
            listener.close();
            accepting = acceptThread;
        }
        if (accepting != null) {
            join(accepting, Duration.ofSeconds(1));
        }
        doors.lock();
        try {
            if (portKeeper != null) {
                portKeeper.close();
            }
        } finally {
            doors.unlock();
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

    /** Stops accepting; false if that is the case already. Only when the accepting thread is gone is the port free. */
    private boolean shut() throws IOException {
        @Nullable Thread accepting;
        synchronized (this) {
            if (closed || refusing) {
                return false;
            }
            refusing = true;
            listener.close();
            accepting = acceptThread;
        }
        if (accepting != null) {
            join(accepting, Duration.ofSeconds(1));
        }
        return true;
    }

    private synchronized void reopen() throws IOException {
        if (refusing && !closed) {
            listener = listen(address);
            refusing = false;
            start();
        }
    }

    private void sweep() {
        try {
            synchronized (this) {
                while (!closed && idleLimit.isPositive()) {
                    closeIdle(idleLimit);
                    wait(Math.clamp(idleLimit.toMillis() / 4, 1, 50));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                begin(accepting.accept());
            } catch (IOException e) {
                // closed from outside; or the machine has no file left for the connection, which a short rest may
                // change
                Exchange.waitFor(ACCEPT_REST);
            }
        }
    }

    private void begin(Socket socket) {
        Connection connection = connections.begin((int) accepted.incrementAndGet(), socket);
        Thread thread = Thread.ofVirtual().name("testserver-connection").unstarted(() -> {
            try {
                connection.run();
            } finally {
                open.remove(connection);
            }
        });
        synchronized (this) {
            if (closed || refusing) {
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

    /** Makes a connection of what was accepted; {@code number} is from 1. */
    interface Connections {
        Connection begin(int number, Socket socket);
    }
}
