package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;
import java.io.IOException;
import java.io.InputStream;

/**
 * The thread {@code dogstatsd}: reads one datagram after the other into one buffer, which no datagram exceeds, and hands it over.
 * Whatever a handler throws is counted, and the loop goes on; a socket that cannot be read is made anew and tried again, ever more slowly
 * and for ever ({@link Backoff}), which is counted too.
 */
final class ReceiveLoop implements Runnable {
    private static final int LARGEST_DATAGRAM = 65_536;
    private static final long MARK_PATIENCE_MS = 20;
    private static final long RETRY_MS = 5;
    private static final long JOIN_MS = 1_000;

    private final DatagramSource source;
    private final DatagramHandler handler;
    private final MarkSender marks;
    private final Instruments instruments;
    private final Marker marker;
    private final Thread thread = new Thread(this, "dogstatsd");
    private final byte[] buffer = new byte[LARGEST_DATAGRAM];

    private final Backoff backoff;
    private final OncePerMinute faultLine = new OncePerMinute();

    private volatile Listener.State state = Listener.State.NEW;
    private volatile boolean waiting;

    ReceiveLoop(DatagramSource source, DatagramHandler handler, MarkSender marks, Instruments instruments) {
        this.source = source;
        this.handler = handler;
        this.marks = marks;
        this.instruments = instruments;
        this.backoff = new Backoff(instruments.clock());
        this.marker = new Marker(instruments.clock());
    }

    void start() throws IOException {
        marker.drawNonce();
        state = Listener.State.RUNNING;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (state != Listener.State.CLOSED) {
            waiting = true;
            try {
                int length = source.receive(buffer);
                waiting = false;
                if (state == Listener.State.FAILING) {
                    onReadable();
                }
                if (length > 0 && !marker.take(buffer, length)) {
                    handler.onDatagram(buffer, length);
                }
            } catch (IOException e) {
                restart(e);
            } catch (RuntimeException | Error e) {
                onFault(e);
            }
        }
    }

    /** See {@link Listener#drain}; {@code marks} may be slow, lose markers or be gone. */
    boolean drain(Deadline deadline) {
        long number = sendMark();
        if (marker.await(number, after(MARK_PATIENCE_MS).earlier(deadline))) {
            return true;
        }
        instruments.counters().increment(Counter.DRAIN_FALLBACK);
        do {
            if (nothingToRead()) {
                return true;
            }
            sendMark();
            if (marker.await(number, after(RETRY_MS).earlier(deadline))) {
                return true;
            }
        } while (state != Listener.State.FAILING
                && !deadline.isOver(instruments.clock().nowNs())
                && !Thread.currentThread().isInterrupted());
        return false;
    }

    /** See {@link Listener#beginAnew}. */
    void beginAnew() {
        try {
            marker.drawNonce();
        } catch (IOException e) {
            instruments.log().debug("dogstatsd: the old nonce stays: " + e.getMessage());
        }
    }

    /** The loop ends with the read that is under way; the caller then ends the read. */
    void stop() {
        become(Listener.State.CLOSED);
        backoff.end();
    }

    /**
     * Ends a read that closing its stream does not end, and then closes it. If no marker comes any more, the thread stays in its read;
     * it does not keep the process alive.
     */
    void closeByMark(InputStream stream) {
        stop();
        sendMark();
        if (join()) {
            try {
                stream.close();
            } catch (IOException e) {
                // nothing is left to be lost
            }
        }
    }

    String name() {
        return source.name();
    }

    Listener.State state() {
        return state;
    }

    /** Wakes a blocked read. */
    long sendMark() {
        long number = marker.next();
        try {
            marks.sendMark(marker.payload(number));
        } catch (IOException e) {
            instruments.log().debug("dogstatsd: no marker could be sent: " + e.getMessage());
        }
        return number;
    }

    /** Markers that the kernel dropped. */
    long lostMarks() {
        return marker.lost();
    }

    /** Waits for the thread to end, a second at most; whether it has. */
    boolean join() {
        if (thread.equals(Thread.currentThread())) {
            return false;
        }
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Not exact: a datagram can be between the read and its mark here. Only a marker is. */
    private boolean nothingToRead() {
        try {
            return waiting && source.looksEmpty() && waiting;
        } catch (IOException e) {
            return false;
        }
    }

    private Deadline after(long delayMs) {
        return Deadline.after(instruments.clock().nowNs(), delayMs);
    }

    private void restart(IOException failure) {
        become(Listener.State.FAILING);
        if (state == Listener.State.CLOSED) {
            return;
        }
        instruments.counters().increment(Counter.LISTENER_RESTARTS);
        if (backoff.failed() == 1) {
            instruments
                    .log()
                    .error("dogstatsd: " + name() + " cannot be read (" + failure.getMessage()
                            + "); starting it again, ever more slowly");
        }
        backoff.pause();
        try {
            source.reopen();
        } catch (IOException notYet) {
            instruments.log().debug("dogstatsd: " + name() + ": " + notYet.getMessage());
        }
    }

    private void onReadable() {
        become(Listener.State.RUNNING);
        instruments.log().warn("dogstatsd: " + name() + " is read again, after " + backoff.succeeded() + " attempts");
    }

    /** Closed is for ever. */
    private synchronized void become(Listener.State next) {
        if (state != Listener.State.CLOSED) {
            state = next;
        }
    }

    /** As {@link GuardedHandler}, whose class would be one more before the engine is ready. */
    private void onFault(Throwable fault) {
        instruments.counters().increment(Counter.INTERNAL_ERRORS);
        if (faultLine.isDue(instruments.clock().nowMs())) {
            instruments.log().error("dogstatsd: a datagram was lost to an error in Dogsled: " + fault);
        }
    }
}
