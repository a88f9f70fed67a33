package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one host, opened when needed or ahead, and kept open between exchanges. Every call is made by its
 * owner's thread, but {@link #close}, which any thread may call.
 *
 * <p>A connection that was idle across a freeze is often dead without knowing it. So one that was idle for long by the
 * wall clock is not used again, and one that was idle for a moment is looked at before a payload is spent on it (R18). It
 * does not matter whether it had carried an exchange before or was {@link #prepare prepared} and never used
 * (docs/decisions/025-connections.md).
 */
public final class HttpConnection implements AutoCloseable {
    /** Idle longer than this, by the wall clock: open a new one. Load balancers commonly close after 60 s. */
    static final long MAX_IDLE_MS = 50_000;

    /** Idle longer than this: look first; the look costs a millisecond, which steady traffic need not pay. */
    static final long LOOK_AFTER_MS = 1_000;

    /** Open for longer than this, by the wall clock: open a new one, so that the intake's name is looked up again. */
    static final long MAX_AGE_MS = 600_000;

    /** A connection is opened ahead this long before it would be too old. */
    static final long AHEAD_MS = 10_000;

    /** Up to this size head and body leave in one write, and mostly in one packet. */
    private static final int JOINED_BYTES = 16 * 1024;

    /** How long an answer is waited for that may have come before the request was all written, such as a 413. */
    private static final long EARLY_ANSWER_MS = 100;

    private static final byte[] NO_BYTES = new byte[0];

    private final Route route;
    private final Dialer dialer;
    private final Clock clock;
    private @Nullable Open open;

    /**
     * Assigns; the first exchange connects.
     *
     * @param host a name or an address without brackets
     * @param tls null = none
     */
    public HttpConnection(String host, int port, @Nullable Tls tls, Clock clock) {
        this(new Route(host, port, tls, null, new Names()), clock);
    }

    HttpConnection(Route route, Clock clock) {
        this.route = route;
        this.dialer = new Dialer(route, clock);
        this.clock = clock;
    }

    /**
     * Opens the connection ahead if there is none that the next exchange would use: name, TCP, TLS. Blocks, and never throws:
     * what goes wrong is for the next exchange, which tries again and says why. A connection that is about to grow too old is
     * replaced here already, where nobody waits for it.
     *
     * @param deadline when this is given up
     * @return whether there is a connection now
     */
    public boolean prepare(Deadline deadline) {
        dialer.begin();
        if (usable(AHEAD_MS) != null) {
            return true;
        }
        try {
            open = new Open(dialer.open(deadline), clock);
            return true;
        } catch (IOException e) {
            drop();
            return false;
        }
    }

    /**
     * Sends a request and reads its answer; blocks until there is an outcome. A write has no deadline of its own in Java:
     * whoever must not wait for it calls {@link #close} from another thread.
     *
     * @param deadline for connecting, TLS and the answer's head; after a freeze the answer gets a moment more
     */
    public ExchangeOutcome exchange(HttpRequest request, Deadline deadline) {
        dialer.begin();
        Open current = usable(0);
        boolean reused = current != null && current.isSuspect(clock.nowMs());
        if (current == null) {
            try {
                current = new Open(dialer.open(deadline), clock);
                open = current;
            } catch (IOException e) {
                return failed(Stage.NOT_CONNECTED, e, false);
            }
        }
        current.input.begin(deadline);
        try {
            write(current.out, request);
        } catch (IOException e) {
            return earlyAnswer(current, e, reused);
        }
        return answer(current, reused);
    }

    /** Ends the exchange in progress, which then fails, and closes the connection; the next exchange opens a new one. */
    @Override
    public void close() {
        dialer.abandon();
    }

    /** The open connection, unless it is dead, or would be too old in {@code aheadMs}. */
    private @Nullable Open usable(long aheadMs) {
        Open current = open;
        if (current != null && !current.isFresh(clock.nowMs(), aheadMs)) {
            drop();
            return null;
        }
        return current;
    }

    private void write(OutputStream out, HttpRequest request) throws IOException {
        byte[] head = request.head(route.authority(), route.forwarding());
        byte[] body = request.body();
        if (head.length + body.length <= JOINED_BYTES) {
            byte[] joined = Arrays.copyOf(head, head.length + body.length);
            System.arraycopy(body, 0, joined, head.length, body.length);
            head = joined;
            body = NO_BYTES;
        }
        out.write(head);
        out.write(body);
        out.flush();
    }

    private ExchangeOutcome answer(Open current, boolean reused) {
        try {
            HttpResponse response = current.reader.read();
            if (current.reader.reusable()) {
                current.carried(clock.nowMs());
            } else {
                drop();
            }
            return answered(response, reused);
        } catch (IOException e) {
            return failed(current.input.begun() ? Stage.ANSWER_BEGUN : Stage.REQUEST_WRITTEN, e, reused);
        }
    }

    /** The request could not be written to its end; the reason may be an answer that says so. */
    private ExchangeOutcome earlyAnswer(Open current, IOException writeFailure, boolean reused) {
        try {
            current.input.hurry(Deadline.after(clock.nowNs(), EARLY_ANSWER_MS));
            HttpResponse response = current.reader.read();
            drop();
            return answered(response, reused);
        } catch (IOException e) {
            return failed(Stage.REQUEST_PARTLY_WRITTEN, writeFailure, reused);
        }
    }

    /** A proxy that hands requests on may answer in the intake's place: then the intake has seen nothing. */
    private ExchangeOutcome answered(HttpResponse response, boolean reused) {
        Proxy proxy = route.forwarding();
        if (proxy != null && Proxy.isRefusal(response.status())) {
            IOException refusal = new IOException(proxy.refusal(response.status()));
            return failed(Stage.NOT_CONNECTED, proxy.blamed(refusal), reused);
        }
        return new Answered(response, reused);
    }

    private Failed failed(Stage stage, IOException cause, boolean reused) {
        drop();
        String message = cause.getMessage();
        String reason = message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
        if (cause instanceof java.net.UnknownHostException) {
            reason = "unknown host " + reason;
        }
        boolean byUs = dialer.isAbandoned() || cause instanceof SocketTimeoutException;
        return new Failed(stage, reason, reused, byUs);
    }

    private void drop() {
        open = null;
        dialer.drop();
    }

    /** What belongs to one connection. Ages are by the wall clock: the peer's clock goes on in a freeze. */
    private static final class Open {
        private final Wire wire;
        private final OutputStream out;
        private final AnswerInput input;
        private final AnswerReader reader;
        private final long openedMs;
        private long idleSinceMs;
        private boolean carried;

        Open(Wire wire, Clock clock) {
            this.wire = wire;
            this.out = wire.out();
            this.input = new AnswerInput(wire, clock);
            this.reader = new AnswerReader(input, clock);
            this.openedMs = clock.nowMs();
            this.idleSinceMs = openedMs;
        }

        /** An exchange came to its end and left the connection open. */
        void carried(long nowMs) {
            carried = true;
            idleSinceMs = nowMs;
        }

        /** Whether the peer may have closed it without our knowing: it was used before, or idle for longer than a moment. */
        boolean isSuspect(long nowMs) {
            return carried || nowMs - idleSinceMs > LOOK_AFTER_MS;
        }

        /** Whether a request may be spent on it, now and {@code aheadMs} from now. A clock that was set back proves nothing. */
        boolean isFresh(long nowMs, long aheadMs) {
            long idleMs = nowMs - idleSinceMs;
            return idleMs >= 0
                    && idleMs + aheadMs <= MAX_IDLE_MS
                    && nowMs - openedMs + aheadMs <= MAX_AGE_MS
                    && !wire.isClosed()
                    && (idleMs <= LOOK_AFTER_MS || !input.isStale());
        }
    }
}
