package io.dogsled.http;

import org.jspecify.annotations.Nullable;

/**
 * The way to one host.
 *
 * @param host a name or an address without brackets
 * @param tls null = plain
 * @param proxy null = straight
 * @param names who knows the addresses; one connection's own
 */
record Route(
        String host, int port, @Nullable Tls tls, @Nullable Proxy proxy, Names names) {

    /** What stands in the {@code Host} header: the port only where it is not the usual one. */
    String authority() {
        return port == (tls != null ? 443 : 80) ? bracketed(host) : bracketed(host) + ":" + port;
    }

    /** The proxy that reads each request and hands it on; null = none does: straight, or through a tunnel. */
    @Nullable
    Proxy forwarding() {
        return tls == null ? proxy : null;
    }

    /** Whom the socket is connected to. */
    String nextHost() {
        return proxy == null ? host : proxy.host();
    }

    /** … and its port. */
    int nextPort() {
        return proxy == null ? port : proxy.port();
    }

    static String bracketed(String host) {
        return host.indexOf(':') < 0 ? host : "[" + host + "]";
    }
}
