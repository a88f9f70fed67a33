package io.dogsled.lambda;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The two pipes that join the engine and its launcher, as frames ({@code docs/architecture.md}).
 *
 * <p>The main thread reads; any thread may write, one frame at a time. A write that fails is not reported: the launcher is
 * gone then, and the reader learns it from the end of the stream.
 */
public final class LauncherChannel {
    private static final int FROM_LAUNCHER = 3;
    private static final int TO_LAUNCHER = 4;

    private final InputStream in;
    private final OutputStream out;
    private final byte[] head = new byte[Frame.HEAD_BYTES];

    /** Over any two streams; the tests' half of a pipe as well as the inherited ones. */
    public LauncherChannel(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /**
     * Over the inherited descriptors 3 and 4, opened as files: that costs nothing before {@code ready}, a channel would.
     *
     * @throws IOException if they are not there, so nobody has started us as an engine
     */
    public static LauncherChannel inherited() throws IOException {
        return new LauncherChannel(
                new FileInputStream("/proc/self/fd/" + FROM_LAUNCHER),
                new FileOutputStream("/proc/self/fd/" + TO_LAUNCHER));
    }

    /** The server reads its socket. */
    public void ready() {
        send(Frame.READY, new byte[0]);
    }

    /** This invocation needs no more time. */
    public void done(String requestId) {
        send(Frame.DONE, requestId.getBytes(StandardCharsets.UTF_8));
    }

    /** Asks for these bytes, 8 to 64 of them, as a datagram to the UDP socket. */
    public void mark(byte[] datagram) {
        send(Frame.MARK, datagram);
    }

    /** Asks for these bytes, 8 to 64 of them, behind the datagrams of the Unix socket that are there by now. */
    public void markUnix(byte[] marker) {
        send(Frame.MARK_UNIX, marker);
    }

    /** Asks for one tick after {@code delayMs}, in place of one asked for before; 0 takes that one back. */
    public void wake(long delayMs) {
        int ms = (int) Math.min(delayMs, Integer.MAX_VALUE);
        send(Frame.WAKE, new byte[] {(byte) ms, (byte) (ms >> 8), (byte) (ms >> 16), (byte) (ms >> 24)});
    }

    /** Samples received and not settled: what is lost if this process dies now. */
    public void holds(long samples) {
        byte[] payload = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            payload[i] = (byte) (samples >> (8 * i));
        }
        send(Frame.HOLDS, payload);
    }

    /**
     * Waits for a frame.
     *
     * @return false at the end of the stream: the launcher is gone
     * @throws IOException if what comes is no frame
     */
    boolean read(Frame frame) throws IOException {
        int first = in.read(head, 0, Frame.HEAD_BYTES);
        if (first < 0) {
            return false;
        }
        fill(head, first, Frame.HEAD_BYTES);
        int length = (head[0] & 0xff) | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16 | (head[3] & 0xff) << 24;
        if (length < 1 || length > Frame.MAX_LENGTH) {
            throw new IOException("a frame of length " + Integer.toUnsignedString(length));
        }
        fill(frame.prepare(head[4] & 0xff, length - 1), 0, length - 1);
        return true;
    }

    private void fill(byte[] buffer, int have, int wanted) throws IOException {
        int filled = have;
        while (filled < wanted) {
            int got = in.read(buffer, filled, wanted - filled);
            if (got < 0) {
                throw new EOFException("half a frame");
            }
            filled += got;
        }
    }

    private void send(int type, byte[] payload) {
        int length = payload.length + 1;
        byte[] bytes = new byte[Frame.HEAD_BYTES + payload.length];
        bytes[0] = (byte) length;
        bytes[1] = (byte) (length >> 8);
        bytes[2] = (byte) (length >> 16);
        bytes[3] = (byte) (length >> 24);
        bytes[4] = (byte) type;
        System.arraycopy(payload, 0, bytes, Frame.HEAD_BYTES, payload.length);
        synchronized (out) {
            try {
                out.write(bytes, 0, bytes.length);
                out.flush();
            } catch (IOException launcherGone) {
                // the reader sees the end of the stream
                return;
            }
        }
    }
}
