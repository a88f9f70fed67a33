package io.dogsled.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLServerSocket;

/** Server sockets that speak one version of TLS. */
final class OneVersion extends ServerSocketFactory {
    private final ServerSocketFactory sockets;
    private final String version;

    OneVersion(ServerSocketFactory sockets, String version) {
        this.sockets = sockets;
        this.version = version;
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return only(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return only(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return only(sockets.createServerSocket(port, backlog, address));
    }

    private ServerSocket only(ServerSocket socket) {
        ((SSLServerSocket) socket).setEnabledProtocols(new String[] {version});
        return socket;
    }
}
