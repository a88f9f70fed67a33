package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** The JDK's TLS: everywhere there, and the dearest thing a cold JVM does (docs/decisions/015-tls.md). */
final class JdkSecure implements Secure {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final String[] LATEST = {"TLSv1.3"};

    private final SSLSocketFactory sockets;
    private final Tls.Rules rules;
    private final String host;
    private final int port;
    private final Clock clock;

    JdkSecure(SSLSocketFactory sockets, Tls.Rules rules, String host, int port, Clock clock) {
        this.sockets = sockets;
        this.rules = rules;
        this.host = host;
        this.port = port;
        this.clock = clock;
    }

    @Override
    public Wire over(Socket socket, Deadline deadline) throws IOException {
        SSLSocket secured = (SSLSocket) sockets.createSocket(socket, host, port, true);
        SSLParameters parameters = secured.getSSLParameters();
        if (rules.verified()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setProtocols(rules.tls13Only() ? LATEST : PROTOCOLS);
        secured.setSSLParameters(parameters);
        secured.setSoTimeout((int) Math.max(1, deadline.remainingMs(clock.nowNs())));
        secured.startHandshake();
        return Wire.of(secured);
    }
}
