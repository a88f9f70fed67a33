package io.dogsled.http;

import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.Socket;

/** Turns a connected socket into a secured one, for one host. The owner's thread. */
interface Secure {
    /**
     * The handshake: returns only if the peer has a certificate for the host's name, valid now, from somebody who is trusted.
     *
     * @param deadline how long the peer may take to answer
     * @throws IOException otherwise, or if the peer speaks no TLS 1.2 or 1.3; the socket is the caller's to close
     */
    Wire over(Socket socket, Deadline deadline) throws IOException;
}
