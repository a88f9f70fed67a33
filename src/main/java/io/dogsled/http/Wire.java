package io.dogsled.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * One open connection: the bytes of the exchange go through its streams, secured or not, and its socket is asked for what only
 * a socket has. A read that takes longer than the socket's {@code SO_TIMEOUT} throws {@link java.net.SocketTimeoutException}
 * and loses nothing. The owner's thread.
 */
class Wire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Wire(Socket socket, InputStream in, OutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    /** The socket as it is: plain, or one that secures what goes through it. */
    static Wire of(Socket socket) throws IOException {
        return new Wire(socket, socket.getInputStream(), socket.getOutputStream());
    }

    InputStream in() {
        return in;
    }

    OutputStream out() {
        return out;
    }

    /** How long a read waits at most, in ms, at least 1. */
    void timeout(int ms) throws IOException {
        socket.setSoTimeout(ms);
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    /** Gives back what is not Java's; the streams are of no use after that. May be called twice; closes no socket. */
    void release() {}
}
