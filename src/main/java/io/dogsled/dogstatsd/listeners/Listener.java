package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import java.io.IOException;

/** One socket and the thread that reads it. */
public interface Listener extends AutoCloseable {
    /**
     * Starts to read; once.
     *
     * @throws IOException if the socket cannot be had; nothing is left behind
     */
    void start() throws IOException;

    /** The UDP port it reads, 0 if none. */
    int localPort();

    /**
     * Waits until every datagram that was in the socket when this was called has been handled, or until the deadline.
     *
     * @return whether it is sure of that
     */
    boolean drain(Deadline deadline);

    /**
     * Looks what the kernel had to drop because the socket was full, and counts it as {@link
     * io.dogsled.base.Counter#KERNEL_DROPPED}. Any thread; about a tenth of a millisecond. Where a full socket makes its senders wait, there
     * is nothing to count.
     */
    default void countKernelDrops() {}

    /** Stops the thread and closes the socket; may run twice. */
    @Override
    void close();
}
