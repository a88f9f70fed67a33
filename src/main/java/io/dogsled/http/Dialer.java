package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections to one host: address by address within one short time, then TLS if asked for. The plain socket below
 * is known before anything blocks, so {@link #abandon} can end each step but the look-up of the name, which the JDK does
 * not let anybody end.
 */
final class Dialer {
    /** Connecting takes one round trip; a network that needs more than this has no way out (R16). */
    static final long CONNECT_MS = 1_000;

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final String host;
    private final int port;
    private final boolean tls;
    private final Clock clock;
    private @Nullable SSLSocketFactory factory;
    private volatile @Nullable Socket plain;
    private volatile boolean abandoned;

    /** {@code factory}: null = the JDK's, asked for at the first handshake. */
    Dialer(String host, int port, boolean tls, @Nullable SSLSocketFactory factory, Clock clock) {
        this.host = host;
        this.port = port;
        this.tls = tls;
        this.factory = factory;
        this.clock = clock;
    }

    /** What stands in the {@code Host} header. */
    String authority() {
        String name = host.indexOf(':') < 0 ? host : "[" + host + "]";
        return port == (tls ? 443 : 80) ? name : name + ":" + port;
    }

    /** A new exchange begins: {@link #abandon} counts from here. */
    void begin() {
        abandoned = false;
    }

    /** A connected socket, its handshake done and the certificate checked against the host's name. */
    Socket open(Deadline deadline) throws IOException {
        Deadline connect = Deadline.after(clock.nowNs(), CONNECT_MS).earlier(deadline);
        InetAddress[] addresses = InetAddress.getAllByName(host);
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.length; i++) {
            int shareMs = (int) (connect.remainingMs(clock.nowNs()) / (addresses.length - i));
            try {
                Socket socket = connect(new InetSocketAddress(addresses[i], port), Math.max(1, shareMs));
                return tls ? handshake(socket, deadline) : socket;
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

    private Socket handshake(Socket socket, Deadline deadline) throws IOException {
        SSLSocketFactory sockets = factory;
        if (sockets == null) {
            sockets = (SSLSocketFactory) SSLSocketFactory.getDefault();
            factory = sockets;
        }
        SSLSocket secured = (SSLSocket) sockets.createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(PROTOCOLS);
        secured.setSSLParameters(parameters);
        secured.setSoTimeout((int) Math.max(1, deadline.remainingMs(clock.nowNs())));
        secured.startHandshake();
        return secured;
    }
}
