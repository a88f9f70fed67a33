package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * The bytes that come back on one connection, buffered, with a deadline on each read.
 *
 * <p>A deadline on the monotonic clock is falsified by a freeze: the sandbox thaws, the time is over, and the answer that
 * came meanwhile has had no chance to be delivered. So a read that overslept once gets a short extension.
 */
final class AnswerInput {
    /** What an answer may still need after a thaw. */
    static final long THAW_GRACE_MS = 1_000;

    /** Waking this much later than asked means that the process did not run. */
    private static final long OVERSLEPT_MS = 500;

    private static final int BUFFER_BYTES = 8 * 1024;

    private final Wire wire;
    private final InputStream in;
    private final Clock clock;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Deadline deadline;
    private boolean graceGiven;
    private int position;
    private int limit;
    private boolean begun;

    AnswerInput(Wire wire, Clock clock) {
        this.wire = wire;
        this.in = wire.in();
        this.clock = clock;
        this.deadline = Deadline.after(clock.nowNs(), 0);
    }

    /** A new exchange begins; reads end at {@code newDeadline}. */
    void begin(Deadline newDeadline) {
        deadline = newDeadline;
        graceGiven = false;
        begun = false;
    }

    /** Reads from now on end at the earlier of the two. */
    void hurry(Deadline earlier) {
        deadline = deadline.earlier(earlier);
        graceGiven = true;
    }

    /** Whether a byte has come since {@link #begin}. */
    boolean begun() {
        return begun;
    }

    /** Whether bytes are left that nobody asked for. */
    boolean hasRest() {
        return position < limit;
    }

    /**
     * Whether the peer closed an idle connection, or sent what nobody asked for. Looks for at most a millisecond, since a
     * Java socket cannot be asked without waiting.
     */
    boolean isStale() {
        try {
            wire.timeout(1);
            limit = Math.max(0, in.read(buffer, 0, buffer.length));
            position = 0;
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** The next byte. */
    int read() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException("the connection was closed" + (begun ? " within the answer" : " without an answer"));
        }
        return buffer[position++] & 0xFF;
    }

    /** Up to {@code length} bytes into {@code target}; −1 at the end of the connection. */
    int read(byte[] target, int offset, int length) throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** A line without its end, as Latin-1; {@code budget} bytes at most. */
    String line(int budget) throws IOException {
        byte[] line = new byte[Math.min(budget, 128)];
        int length = 0;
        for (int b = read(); b != '\n'; b = read()) {
            if (length == budget) {
                throw new IOException("a line of the answer's head is too long");
            }
            if (length == line.length) {
                line = java.util.Arrays.copyOf(line, Math.min(budget, length * 2));
            }
            line[length++] = (byte) b;
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1);
    }

    private boolean fill() throws IOException {
        int count = readBefore();
        position = 0;
        limit = Math.max(0, count);
        begun |= count > 0;
        return count > 0;
    }

    private int readBefore() throws IOException {
        while (true) {
            long startNs = clock.nowNs();
            long leftMs = deadline.remainingMs(startNs);
            if (leftMs == 0) {
                throw new SocketTimeoutException("no answer in time");
            }
            wire.timeout((int) Math.min(leftMs, Integer.MAX_VALUE));
            try {
                return in.read(buffer, 0, buffer.length);
            } catch (SocketTimeoutException e) {
                if (!extendAfterThaw(clock.nowNs())) {
                    throw new SocketTimeoutException("no answer in time");
                }
            }
        }
    }

    private boolean extendAfterThaw(long nowNs) {
        if (graceGiven || !deadline.isOver(nowNs - OVERSLEPT_MS * 1_000_000L)) {
            return false;
        }
        graceGiven = true;
        deadline = Deadline.after(nowNs, THAW_GRACE_MS);
        return true;
    }
}
