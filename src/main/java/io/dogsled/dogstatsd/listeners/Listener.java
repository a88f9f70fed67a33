package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import java.io.IOException;

/** One socket and the thread that reads it. */
public interface Listener extends AutoCloseable {
    /** How it is. */
    enum State {
        /** Not started yet. */
        NEW("new"),
        /** It reads. */
        RUNNING("running"),
        /** It could not read, and tries to again and again. */
        FAILING("failing"),
        /** It reads no more. */
        CLOSED("closed"),
        /** It was asked for, but could not start, and does not try again. */
        FAILED("not started");

        private final String label;

        State(String label) {
            this.label = label;
        }

        /** For people, in lower case. */
        public String label() {
            return label;
        }
    }

    /** What it reads, for people: {@code udp port 8125}. */
    String name();

    /** How it is, as far as it knows: a socket tells of its end to who reads it. Any thread. */
    State state();

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
     * @return whether it is sure of that; a listener that cannot read never is, and does not wait
     */
    boolean drain(Deadline deadline);

    /**
     * Looks what the kernel had to drop because the socket was full, and counts it as {@link
     * io.dogsled.base.Counter#KERNEL_DROPPED}. Any thread; about a tenth of a millisecond. Where a full socket makes its senders wait, there
     * is nothing to count.
     */
    default void countKernelDrops() {}

    /**
     * This process is a copy of one that was drained; what is random is drawn anew, so that no two copies share it. Not while
     * somebody drains.
     */
    default void beginAnew() {}

    /** Stops the thread and closes the socket; may run twice. */
    @Override
    void close();
}
