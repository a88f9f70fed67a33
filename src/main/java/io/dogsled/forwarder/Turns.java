package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;

/**
 * Hands the turn from the thread that wants a round to the forwarder's thread and back. A round that was asked for begins
 * after the request, so it sees everything that was offered before; whoever asked waits until it is done or his deadline
 * is over, and the round goes on without him.
 */
final class Turns {
    private final Clock clock;
    private long asked;
    private long done;
    private boolean running;
    private boolean closed;

    Turns(Clock clock) {
        this.clock = clock;
    }

    /** Asks for a round. The answer is what {@link #await} takes. */
    synchronized long ask() {
        asked++;
        notifyAll();
        return asked;
    }

    /** Whether the round, or a later one, was done by the deadline. */
    synchronized boolean await(long ticket, Deadline deadline) {
        while (done - ticket < 0 && !closed) {
            if (!waitUntil(deadline)) {
                return false;
            }
        }
        return done - ticket >= 0;
    }

    /** Whether no round was running, by the deadline at the latest. */
    synchronized boolean awaitIdle(Deadline deadline) {
        while (running) {
            if (!waitUntil(deadline)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a round is running now. */
    synchronized boolean isRunning() {
        return running;
    }

    /** For the forwarder's thread: the number of the next round that is asked for, or −1 at the end. */
    synchronized long next() throws InterruptedException {
        while (asked == done && !closed) {
            wait();
        }
        if (closed) {
            return -1;
        }
        running = true;
        return asked;
    }

    /** For the forwarder's thread: the round is over. */
    synchronized void done(long ticket) {
        running = false;
        done = ticket;
        notifyAll();
    }

    /** No further round. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    @SuppressWarnings("WaitNotInLoop") // both callers loop over their condition
    private boolean waitUntil(Deadline deadline) {
        long leftMs = deadline.remainingMs(clock.nowNs());
        if (leftMs == 0) {
            return false;
        }
        try {
            wait(leftMs);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
