package io.dogsled.dogstatsd.listeners;

import java.io.IOException;

/** Sends a marker to the socket of a listener; any thread. */
public interface MarkSender {
    /**
     * Asks that {@code payload}, 8 to 64 bytes, be sent as one datagram to the socket; returns without waiting for it.
     *
     * @throws IOException if nobody can send it
     */
    void sendMark(byte[] payload) throws IOException;
}
