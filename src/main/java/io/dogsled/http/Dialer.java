package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one host: address by address within one short time, then TLS if asked for. The plain socket below
 * is known before anything blocks, so {@link #abandon} can end each step but the look-up of the name, which the JDK does
 * not let anybody end.
 */
final class Dialer {
    /** Connecting takes one round trip; a network that needs more than this has no way out (R16). */
    static final long CONNECT_MS = 1_000;

    private final String host;
    private final int port;
    private final @Nullable Tls tls;
    private final Clock clock;
    private @Nullable Secure secure;
    private @Nullable Wire wire;
    private volatile @Nullable Socket plain;
    private volatile boolean abandoned;

    /** {@code tls}: null = none. */
    Dialer(String host, int port, @Nullable Tls tls, Clock clock) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.clock = clock;
    }

    /** What stands in the {@code Host} header. */
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (tls != null ? 443 : 80) ? name : name + ":" + port;
    }

    /** A new exchange begins: {@link #abandon} counts from here. */
    void begin() {
        abandoned = false;
    }

    /** A connection, its handshake done and the certificate checked against the host's name. */
    Wire open(Deadline deadline) throws IOException {
        Deadline connect = Deadline.after(clock.nowNs(), CONNECT_MS).earlier(deadline);
        InetAddress[] addresses = InetAddress.getAllByName(host);
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.length; i++) {
            int shareMs = (int) (connect.remainingMs(clock.nowNs()) / (addresses.length - i));
            try {
                Socket socket = connect(new InetSocketAddress(addresses[i], port), Math.max(1, shareMs));
                Wire opened = tls == null ? Wire.of(socket) : secured(tls, socket, deadline);
                wire = opened;
                return opened;
            } catch (IOException e) {
                drop();
                last = e;
            }
            if (abandoned) {
                break;
            }
        }
        throw last;
    }

    /** Closes the socket. Not through TLS: a polite end may block, and no answer is waited for. */
    void drop() {
        Wire opened = wire;
        wire = null;
        if (opened != null) {
            opened.release();
        }
        Socket open = plain;
        plain = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // it is closed as far as this process is concerned
            }
        }
    }

    /** Ends what another thread does with this connection now. */
    void abandon() {
        abandoned = true;
        Socket open = plain;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // as in drop
            }
        }
    }

    /** Whether {@link #abandon} was called since {@link #begin}. */
    boolean isAbandoned() {
        return abandoned;
    }

    private Socket connect(InetSocketAddress address, int timeoutMs) throws IOException {
        Socket socket = new Socket();
        plain = socket;
        if (abandoned) {
            throw new IOException("given up");
        }
        socket.setTcpNoDelay(true);
        socket.setKeepAlive(true);
        socket.connect(address, timeoutMs);
        return socket;
    }

    private Wire secured(Tls choice, Socket socket, Deadline deadline) throws IOException {
        Secure chosen = secure;
        if (chosen == null) {
            chosen = choice.to(host, port, clock);
            secure = chosen;
        }
        return chosen.over(socket, deadline);
    }
}
