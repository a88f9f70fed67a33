package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;

/**
 * Writes to a pipe that perhaps nobody reads: such a write blocks for ever, nothing can interrupt it, and to make the pipe
 * non-blocking would change it for everybody who holds it, the function's processes among them. So a thread of its own
 * writes, and whoever posts waits for it until his deadline and goes on without it; the process is halted, not joined.
 */
final class LetterPost {
    private final OutputStream out;
    private final Clock clock;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(); // guarded by this
    private boolean writing; // guarded by this
    private boolean stuck; // guarded by this
    private boolean started; // guarded by this
    private boolean closed; // guarded by this

    LetterPost(OutputStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    /**
     * Writes a letter and waits for it.
     *
     * @return whether all of it was written by the deadline; if not, nothing is ever written again but perhaps the line
     *     that was begun
     */
    synchronized boolean post(DeadLetter letter, Deadline deadline) {
        if (stuck || closed) {
            return false;
        }
        waiting.addAll(letter.lines());
        start();
        notifyAll();
        while ((writing || !waiting.isEmpty()) && !stuck && TimedWait.on(this, deadline, clock)) {
            // asks again
        }
        stuck |= writing || !waiting.isEmpty();
        waiting.clear();
        return !stuck;
    }

    /** The thread ends, unless it is stuck. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private void start() {
        if (!started) {
            started = true;
            Thread thread = new Thread("dead-letters") {
                @Override
                public void run() {
                    writeAll();
                }
            };
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void writeAll() {
        try {
            for (byte[] line = next(); line.length > 0; line = next()) {
                out.write(line);
                out.flush();
            }
        } catch (IOException | InterruptedException nobodyReads) {
            fail();
        }
    }

    /** The next line; an empty one is the end. */
    private synchronized byte[] next() throws InterruptedException {
        writing = false;
        notifyAll();
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        if (waiting.isEmpty()) {
            return new byte[0];
        }
        writing = true;
        return waiting.remove();
    }

    private synchronized void fail() {
        stuck = true;
        notifyAll();
    }
}
