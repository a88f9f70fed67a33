package io.dogsled.dogstatsd.listeners;

import java.io.IOException;

/** The side of a socket that a {@link ReceiveLoop} reads. */
interface DatagramSource {
    /** Blocks until there is a datagram; its length, or 0 or less for an empty one. The listener's thread. */
    int receive(byte[] buffer) throws IOException;

    /** Makes a broken socket anew, if it is ours to make. The listener's thread. */
    void reopen() throws IOException;

    /** What it is, for people. */
    String name();

    /** Whether there seems to be nothing to read; false if it cannot be known. Any thread. */
    boolean looksEmpty() throws IOException;
}
