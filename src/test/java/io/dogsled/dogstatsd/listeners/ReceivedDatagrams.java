package io.dogsled.dogstatsd.listeners;

import java.util.ArrayList;
import java.util.List;

/** A handler that keeps what it gets and can be told to fail or to be slow. */
final class ReceivedDatagrams implements DatagramHandler {
    private final List<byte[]> received = new ArrayList<>();
    private Thread thread = Thread.currentThread();
    private boolean held;
    private boolean failing;

    @Override
    public synchronized void onDatagram(byte[] buffer, int length) {
        thread = Thread.currentThread();
        received.add(java.util.Arrays.copyOf(buffer, length));
        notifyAll();
        try {
            while (held) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (failing) {
            failing = false;
            throw new IllegalStateException("as the test wants it");
        }
    }

    /** The handler stays in its next call until {@link #release}. */
    synchronized void hold() {
        held = true;
    }

    synchronized void release() {
        held = false;
        notifyAll();
    }

    /** The next call throws. */
    synchronized void failOnce() {
        failing = true;
    }

    /** Waits until {@code count} datagrams have come, then gives all that have. */
    synchronized List<byte[]> await(int count) {
        long deadlineNs = System.nanoTime() + 5_000_000_000L;
        try {
            while (received.size() < count && System.nanoTime() - deadlineNs < 0) {
                wait(10);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return List.copyOf(received);
    }

    /** Who called last. */
    synchronized Thread thread() {
        return thread;
    }

    synchronized int count() {
        return received.size();
    }
}
