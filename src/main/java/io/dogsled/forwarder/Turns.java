package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;

/**
 * Hands the turn from the thread that wants a round to the forwarder's thread and back. A round that was asked for begins
 * after the request, so it sees everything that was offered before; whoever asked waits until it is done or his deadline
 * is over, and the round goes on without him.
 */
final class Turns {
    /** Not a round: the connection is to be opened ahead. */
    static final long PREPARE = 0;

    private final Clock clock;
    private long asked;
    private long done;
    private boolean prepare;
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

    /** Asks for a connection, unless there is something better to do. */
    synchronized void askPrepare() {
        if (!running && asked == done) {
            prepare = true;
            notifyAll();
        }
    }

    /** Whether the round, or a later one, was done by the deadline. */
    synchronized boolean await(long ticket, Deadline deadline) {
        while (done - ticket < 0 && !closed) {
            if (!TimedWait.on(this, deadline, clock)) {
                return false;
            }
        }
        return done - ticket >= 0;
    }

    /** Whether no round was running, by the deadline at the latest. */
    synchronized boolean awaitIdle(Deadline deadline) {
        while (running) {
            if (!TimedWait.on(this, deadline, clock)) {
                return false;
            }
        }
        return true;
    }

    /** For the forwarder's thread: the next round's number, {@link #PREPARE}, or −1 at the end. */
    synchronized long next() throws InterruptedException {
        while (asked == done && !prepare && !closed) {
            wait();
        }
        if (closed) {
            return -1;
        }
        running = true;
        prepare = false;
        return asked == done ? PREPARE : asked;
    }

    /** For the forwarder's thread: the round is over, or the connection was prepared. */
    synchronized void done(long ticket) {
        running = false;
        done = ticket == PREPARE ? done : ticket;
        notifyAll();
    }

    /** Whether there is no further round. */
    synchronized boolean isClosed() {
        return closed;
    }

    /** No further round. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
