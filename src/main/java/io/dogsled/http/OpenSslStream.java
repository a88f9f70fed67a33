package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * Carries bytes between a socket and a native connection. OpenSSL never sees the socket, so its timeout and its being closed
 * by another thread work as they do without TLS. A native handle is used by the owner's thread alone, and not after
 * {@link #release}.
 *
 * <pre>
 *  exchange ── write ──► OpenSSL ── take ──► socket
 *           ◄── read ──          ◄── feed ──
 * </pre>
 */
final class OpenSslStream {
    private static final int RECORD_BYTES = 16 * 1024;
    private static final int PACKET_BYTES = 4 * 1024;

    private final Socket socket;
    private final InputStream socketIn;
    private final OutputStream socketOut;
    private final byte[] packet = new byte[PACKET_BYTES];
    private long link;

    /** Owns {@code link} from now on. */
    OpenSslStream(Socket socket, long link) throws IOException {
        this.socket = socket;
        this.link = link;
        try {
            this.socketIn = socket.getInputStream();
            this.socketOut = socket.getOutputStream();
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    /** Until the peer has shown who it is; whatever fails is told to the peer if it still listens. */
    void handshake(Deadline deadline, Clock clock) throws IOException {
        while (true) {
            int progress = OpenSsl.handshake(link());
            sendTaken(progress == OpenSsl.FAILED);
            if (progress == OpenSsl.DONE) {
                return;
            }
            if (progress == OpenSsl.FAILED) {
                throw new IOException(OpenSsl.reason(link));
            }
            long leftMs = deadline.remainingMs(clock.nowNs());
            if (leftMs == 0) {
                throw new SocketTimeoutException("no TLS in time");
            }
            socket.setSoTimeout((int) Math.min(leftMs, Integer.MAX_VALUE));
            feed();
        }
    }

    InputStream in() {
        return new In();
    }

    OutputStream out() {
        return new Out();
    }

    boolean resumed() {
        return OpenSsl.resumed(link);
    }

    void release() {
        long freed = link;
        link = 0;
        if (freed != 0) {
            OpenSsl.free(freed);
        }
    }

    private long link() throws IOException {
        if (link == 0) {
            throw new IOException("the connection is closed");
        }
        return link;
    }

    private void feed() throws IOException {
        int count = socketIn.read(packet, 0, packet.length);
        if (count < 0) {
            throw new EOFException("the connection was closed without the end of TLS");
        }
        if (OpenSsl.feed(link(), packet, 0, count) != count) {
            throw new IOException("no memory for TLS");
        }
    }

    private void sendTaken(boolean lastWords) throws IOException {
        byte[] out = packet;
        int count = OpenSsl.take(link(), out, 0, out.length);
        while (count > 0) {
            try {
                socketOut.write(out, 0, count);
            } catch (IOException e) {
                if (lastWords) {
                    return;
                }
                throw e;
            }
            count = OpenSsl.take(link(), out, 0, out.length);
        }
    }

    private int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            int count = OpenSsl.read(link(), target, offset, length);
            sendTaken(count == OpenSsl.FAILED);
            if (count > 0) {
                return count;
            }
            if (count == OpenSsl.CLOSED) {
                return -1;
            }
            if (count == OpenSsl.FAILED) {
                throw new IOException(OpenSsl.reason(link));
            }
            feed();
        }
    }

    private void write(byte[] source, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int count = OpenSsl.write(link(), source, offset + done, Math.min(length - done, RECORD_BYTES));
            sendTaken(count == OpenSsl.FAILED);
            if (count <= 0) {
                throw new IOException(OpenSsl.reason(link));
            }
            done += count;
        }
    }

    private final class In extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return OpenSslStream.this.read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return OpenSslStream.this.read(target, offset, length);
        }
    }

    private final class Out extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            OpenSslStream.this.write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            OpenSslStream.this.write(source, offset, length);
        }
    }
}
