package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Threads that parse beside those that receive (flush-and-testserver.md §1.5), each with a handler of its own. They are the {@link
 * DatagramHandler} of the listeners, which copy each datagram into a packet and read on. Off by default: with one or two processors a
 * hand-over costs more than it gains.
 *
 * <p>Two packets may be handled in the other order than they came, so of two values of one gauge in the same second either may win.
 */
public final class Workers implements DatagramHandler, AutoCloseable {
    /** A packet is never larger, as in the Agent by default, but for a datagram that is: so the queue's memory stays small. */
    private static final int LARGEST_PACKET = 8_192;

    /** All that may wait, whatever the setting says: 65,536 packets would be eight times the engine's heap. */
    static final long MOST_BYTES = 8L << 20;

    private static final long JOIN_MS = 1_000;

    private final PacketQueue queue;
    private final List<Thread> threads = new ArrayList<>();

    /**
     * Nothing runs before {@link #start}.
     *
     * @param handlers one a worker; each takes whole packets: datagrams joined with LF
     * @param bufferBytes the size of a packet, if it is less than 8,192
     * @param queueSize packets that may wait, but no more than 8 MiB of them
     */
    public Workers(List<? extends DatagramHandler> handlers, int bufferBytes, int queueSize, Instruments instruments) {
        int packetBytes = Math.min(bufferBytes, LARGEST_PACKET);
        queue = new PacketQueue(packetBytes, queueSize, MOST_BYTES, handlers.size(), instruments);
        for (int i = 0; i < handlers.size(); i++) {
            Worker worker = new Worker(queue, i, new GuardedHandler(handlers.get(i), instruments));
            threads.add(new Thread(worker, "dogstatsd-" + (i + 1)));
        }
    }

    /** Starts the threads; once. */
    public void start() {
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Hands a datagram over; waits while the queue is full. The threads of the listeners. */
    @Override
    public void onDatagram(byte[] buffer, int length) {
        queue.put(buffer, length);
    }

    /**
     * Waits until everything handed over before has been handled.
     *
     * @return false if that is not sure when the deadline comes
     */
    public boolean drain(Deadline deadline) {
        return queue.drain(deadline);
    }

    /** Ends the threads when they have handled what is in the queue, or after a second. After the listeners, and may run twice. */
    @Override
    public void close() {
        queue.close();
        try {
            for (Thread thread : threads) {
                thread.join(JOIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What one of the threads runs. */
    private static final class Worker implements Runnable {
        private final PacketQueue queue;
        private final int index;
        private final DatagramHandler handler;

        Worker(PacketQueue queue, int index, DatagramHandler handler) {
            this.queue = queue;
            this.index = index;
            this.handler = handler;
        }

        @Override
        public void run() {
            @Nullable Packet packet = queue.take(index);
            while (packet != null) {
                handler.onDatagram(packet.bytes(), packet.length());
                queue.handled(index, packet);
                packet = queue.take(index);
            }
        }
    }
}
