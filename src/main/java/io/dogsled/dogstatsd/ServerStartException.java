package io.dogsled.dogstatsd;

import java.io.IOException;

/** The server has nothing to listen on; the message says why and what to set. */
public final class ServerStartException extends IOException {
    private static final long serialVersionUID = 1L;

    ServerStartException(String message) {
        super(message);
    }

    ServerStartException(String message, IOException cause) {
        super(message, cause);
    }
}
