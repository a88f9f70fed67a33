package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one host, perhaps through a proxy: address by address within one short time, then TLS if asked for. The plain socket below
 * is known before anything blocks, so {@link #abandon} can end each step but the look-up of the name, which the JDK does
 * not let anybody end.
 */
final class Dialer {
    /** Connecting takes one round trip; a network that needs more than this has no way out (R16). */
    static final long CONNECT_MS = 1_000;

    private final Route route;
    private final Clock clock;
    private @Nullable Secure secure;
    private @Nullable Wire wire;
    private volatile @Nullable Socket plain;
    private volatile boolean abandoned;

    Dialer(Route route, Clock clock) {
        this.route = route;
        this.clock = clock;
    }

    /** A new exchange begins: {@link #abandon} counts from here. */
    void begin() {
        abandoned = false;
    }

    /** A connection, its handshake done and the certificate checked against the host's name. */
    Wire open(Deadline deadline) throws IOException {
        InetAddress[] addresses = addresses();
        Deadline connect = Deadline.after(clock.nowNs(), CONNECT_MS).earlier(deadline);
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.length; i++) {
            int shareMs = (int) (connect.remainingMs(clock.nowNs()) / (addresses.length - i));
            try {
                Wire opened =
                        open(new InetSocketAddress(addresses[i], route.nextPort()), Math.max(1, shareMs), deadline);
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

    private InetAddress[] addresses() throws IOException {
        try {
            return route.names().of(route.nextHost());
        } catch (UnknownHostException e) {
            throw blamed(e);
        }
    }

    private Wire open(InetSocketAddress address, int connectMs, Deadline deadline) throws IOException {
        Socket socket = new Socket();
        plain = socket;
        if (abandoned) {
            throw new IOException("given up");
        }
        connect(socket, address, connectMs);
        Tls tls = route.tls();
        if (tls == null) {
            return Wire.of(socket);
        }
        Proxy proxy = route.proxy();
        if (proxy != null) {
            proxy.tunnel(socket, Route.bracketed(route.host()) + ":" + route.port(), deadline, clock);
        }
        return secured(tls, socket, deadline);
    }

    private void connect(Socket socket, InetSocketAddress address, int timeoutMs) throws IOException {
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, timeoutMs);
        } catch (IOException e) {
            throw blamed(e);
        }
    }

    private IOException blamed(IOException cause) {
        Proxy proxy = route.proxy();
        return proxy == null ? cause : proxy.blamed(cause);
    }

    private Wire secured(Tls choice, Socket socket, Deadline deadline) throws IOException {
        Secure chosen = secure;
        if (chosen == null) {
            chosen = choice.to(route.host(), route.port(), clock);
            secure = chosen;
        }
        return chosen.over(socket, deadline);
    }
}
