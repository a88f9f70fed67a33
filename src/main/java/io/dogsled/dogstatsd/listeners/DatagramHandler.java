package io.dogsled.dogstatsd.listeners;

/** Takes the datagrams of a listener, on the listener's thread. */
public interface DatagramHandler {
    /** {@code buffer[0, length)} is one datagram, never empty; it is valid during the call only. */
    void onDatagram(byte[] buffer, int length);
}
