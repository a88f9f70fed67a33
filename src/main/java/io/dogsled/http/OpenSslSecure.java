package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.net.Socket;

/** TLS by OpenSSL, for one host, in a hundredth of the JDK's time (docs/decisions/015-tls.md). */
final class OpenSslSecure implements Secure {
    private final OpenSsl openSsl;
    private final Clock clock;

    OpenSslSecure(OpenSsl openSsl, Clock clock) {
        this.openSsl = openSsl;
        this.clock = clock;
    }

    @Override
    public Wire over(Socket socket, Deadline deadline) throws IOException {
        OpenSslStream stream = new OpenSslStream(socket, openSsl.link());
        try {
            stream.handshake(deadline, clock);
            return new OpenSslWire(socket, stream);
        } catch (IOException e) {
            stream.release();
            throw e;
        }
    }

    /** The wire that owns a native connection. */
    static final class OpenSslWire extends Wire {
        private final OpenSslStream stream;

        OpenSslWire(Socket socket, OpenSslStream stream) {
            super(socket, stream.in(), stream.out());
            this.stream = stream;
        }

        /** Whether no certificate had to be looked at again. */
        boolean resumed() {
            return stream.resumed();
        }

        @Override
        void release() {
            stream.release();
        }
    }
}
