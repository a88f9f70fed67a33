package io.dogsled.testserver;

import io.dogsled.base.Log;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One TCP connection and its requests, one after the other, on a virtual thread of its own that owns everything but the
 * state: other threads may only stop or cut it.
 */
final class Connection implements Runnable {
    private static final int DRAIN_MS = 200;

    /** What the connection is doing, as far as others need to know. */
    private enum State {
        /** No byte of a request has come; may be closed at any time. */
        IDLE,
        /** A request is being read, worked on or answered. */
        BUSY,
        /** The answer is held back by a scenario, for a time or for ever; may be closed at any time. */
        HOLDING
    }

    private final int number;
    private final Socket raw;
    private final Service service;
    private final @Nullable SSLSocketFactory tls;
    private @Nullable RequestReader reader;
    private @Nullable AnswerWriter writer;
    private long arrivedNs;
    private State state = State.IDLE; // guarded by this
    private long idleSinceNs = System.nanoTime(); // guarded by this
    private boolean stopping; // guarded by this
    private @Nullable Thread thread; // guarded by this

    /** {@code number} is from 1 since the server's start. */
    Connection(int number, Socket raw, Service service, @Nullable SSLSocketFactory tls) {
        this.number = number;
        this.raw = raw;
        this.service = service;
        this.tls = tls;
    }

    @Override
    public void run() {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        try (raw;
                Socket socket = secured()) {
            serve(socket);
        } catch (SSLException e) {
            service.recording().tally().malformed();
        } catch (IOException e) {
            // the client went away or the script cut the connection; what there was to count has been counted
        }
    }

    /** Closes the connection now if nothing is in flight on it, else after the answer. */
    synchronized void stop() {
        stopping = true;
        if (state != State.BUSY) {
            close();
        }
    }

    /** Closes the connection if it has been idle for so long. */
    synchronized void closeIfIdle(long longerThanNs) {
        if (state == State.IDLE && System.nanoTime() - idleSinceNs >= longerThanNs) {
            close();
        }
    }

    /** Closes the connection whatever it is doing. */
    synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        try {
            raw.close();
        } catch (IOException e) {
            // a socket that cannot be closed is closed
        }
    }

    int number() {
        return number;
    }

    /** When the first byte of the request in work was there, monotonic. */
    long arrivedNs() {
        return arrivedNs;
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Reads the body that belongs to this head, after saying that it may come to a client that asks. */
    byte[] readBody(RequestHead head) throws IOException, MalformedRequest {
        return reader().readBody(head, () -> {
            if (head.expectsContinue()) {
                writer().sayContinue();
            }
        });
    }

    private RequestReader reader() {
        return Objects.requireNonNull(reader);
    }

    AnswerWriter writer() {
        return Objects.requireNonNull(writer);
    }

    void warn(String line) {
        service.log().warn(line);
    }

    /** The black hole: stays silent until somebody closes. */
    void holdUntilClosed() throws IOException {
        if (move(State.HOLDING)) {
            reader().discardUntilClosed();
        }
    }

    /** Holds the answer back for a time; throws when the connection shall stop meanwhile. */
    void hold(Duration duration) throws IOException {
        try {
            boolean held = move(State.HOLDING);
            if (held) {
                Thread.sleep(duration);
            }
            if (!held || !move(State.BUSY)) {
                throw new IOException("the server closes");
            }
        } catch (InterruptedException e) {
            throw new IOException("the server closes", e);
        }
    }

    private Socket secured() throws IOException {
        raw.setTcpNoDelay(true);
        if (tls == null) {
            return raw;
        }
        SSLSocket secured = (SSLSocket) tls.createSocket(raw, InputStream.nullInputStream(), true);
        secured.startHandshake();
        return secured;
    }

    private void serve(Socket socket) throws IOException {
        reader = new RequestReader(socket.getInputStream());
        writer = new AnswerWriter(socket.getOutputStream());
        while (move(State.IDLE) && reader().awaitRequest() && move(State.BUSY)) {
            arrivedNs = System.nanoTime();
            Exchange.Ending ending = next();
            if (ending == Exchange.Ending.RESET) {
                raw.setSoLinger(true, 0);
                raw.close();
            } else if (ending == Exchange.Ending.CLOSE) {
                drain(socket);
            }
            if (ending != Exchange.Ending.KEEP) {
                return;
            }
        }
    }

    private Exchange.Ending next() throws IOException {
        RequestHead head;
        try {
            head = reader().readHead();
        } catch (MalformedRequest e) {
            service.recording().tally().malformed();
            return refuse(e);
        }
        try {
            return service.serve(this, head);
        } catch (MalformedRequest e) {
            return refuse(e); // its body; the exchange has counted it
        }
    }

    private Exchange.Ending refuse(MalformedRequest e) throws IOException {
        writer().write(Answer.diagnostic(e.status(), e.sentence()), false, false);
        return Exchange.Ending.CLOSE;
    }

    /** Half-closes and reads what is still coming for a moment, so that a reset cannot overtake the last answer. */
    private void drain(Socket socket) throws IOException {
        socket.setSoTimeout(DRAIN_MS);
        socket.shutdownOutput();
        reader().discardUntilClosed();
    }

    /** Whether the state could be taken: not when the connection shall stop. */
    private synchronized boolean move(State next) {
        if (stopping) {
            return false;
        }
        state = next;
        idleSinceNs = System.nanoTime();
        return true;
    }

    /** What a connection needs from its server. */
    interface Service {
        Exchange.Ending serve(Connection connection, RequestHead head) throws IOException, MalformedRequest;

        Recording recording();

        Log log();
    }
}
