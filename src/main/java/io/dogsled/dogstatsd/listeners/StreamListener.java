package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A Unix stream socket, read by one thread {@code dogstatsd} with one {@code Selector}; see {@link Frames} for what a connection
 * sends. Costs a channel, so it is started after <em>ready</em>, and only if it is wanted.
 *
 * <p><b>Drain.</b> The thread is woken, accepts whoever waits, and reads each connection until nothing is there: what was readable when
 * the drain was asked for has then been handled. A frame whose rest has not been sent is not readable yet.
 *
 * <p><b>Death.</b> A turn that fails is counted and tried again after a pause ({@link Backoff}), with the same connections; a channel
 * that was closed, or a file that was removed, is noticed at the next drain and made anew.
 */
public final class StreamListener implements Listener, Runnable {
    private static final long JOIN_MS = 1_000;
    private static final long NS_PER_MS = 1_000_000L;

    private final String path;
    private final int bufferBytes;
    private final DatagramHandler handler;
    private final Instruments instruments;
    private final Thread thread = new Thread(this, "dogstatsd");
    private final Backoff backoff;
    private final Object lock = new Object();
    private long asked; // guarded by lock
    private long answered; // guarded by lock
    private volatile State state = State.NEW;
    private volatile @Nullable StreamSockets sockets;

    /**
     * Nothing is touched before {@link #start}.
     *
     * @param bufferBytes the longest datagram; a longer one closes its connection
     */
    public StreamListener(String path, int bufferBytes, DatagramHandler handler, Instruments instruments) {
        this.path = path;
        this.bufferBytes = bufferBytes;
        this.handler = new GuardedHandler(handler, instruments);
        this.instruments = instruments;
        this.backoff = new Backoff(instruments.clock());
    }

    @Override
    public void start() throws IOException {
        StreamSockets opened = new StreamSockets(path, bufferBytes, handler, instruments);
        try {
            opened.listen();
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        sockets = opened;
        state = State.RUNNING;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        StreamSockets open = sockets;
        while (open != null && state != State.CLOSED) {
            try {
                turn(open);
                onSuccess();
            } catch (IOException | RuntimeException e) {
                restart(open, e);
            }
        }
        if (open != null) {
            open.close();
        }
    }

    @Override
    public String name() {
        return "unix stream socket " + path;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public int localPort() {
        return 0;
    }

    @Override
    public boolean drain(Deadline deadline) {
        StreamSockets open = sockets;
        if (open == null) {
            return true;
        }
        synchronized (lock) {
            long goal = ++asked;
            open.wakeup();
            long leftNs = deadline.remainingNs(instruments.clock().nowNs());
            while (answered < goal && state == State.RUNNING && leftNs > 0) {
                try {
                    lock.wait(leftNs / NS_PER_MS, (int) (leftNs % NS_PER_MS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                leftNs = deadline.remainingNs(instruments.clock().nowNs());
            }
            return answered >= goal || state == State.CLOSED;
        }
    }

    @Override
    public void close() {
        become(State.CLOSED);
        backoff.end();
        StreamSockets open = sockets;
        if (open == null || thread.equals(Thread.currentThread())) {
            return;
        }
        open.wakeup();
        try {
            thread.join(JOIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn(StreamSockets open) throws IOException {
        open.await();
        long goal = unanswered();
        if (goal == 0) {
            open.readReady();
        } else {
            open.readEverything();
            answer(goal);
        }
        if ((goal != 0 || state == State.FAILING) && !open.isListening()) {
            throw new IOException("somebody closed it or removed its file");
        }
    }

    /** The newest drain that nobody has answered, 0 if there is none. */
    private long unanswered() {
        synchronized (lock) {
            return asked > answered ? asked : 0;
        }
    }

    private void answer(long goal) {
        synchronized (lock) {
            answered = goal;
            lock.notifyAll();
        }
    }

    private void onSuccess() {
        int failures = backoff.succeeded();
        if (failures > 0) {
            become(State.RUNNING);
            instruments.log().warn("dogstatsd: " + name() + " works again, after " + failures + " attempts");
        }
    }

    private void restart(StreamSockets open, Exception failure) {
        if (state == State.CLOSED) {
            return;
        }
        become(State.FAILING);
        instruments.counters().increment(Counter.LISTENER_RESTARTS);
        if (backoff.failed() == 1) {
            instruments
                    .log()
                    .error("dogstatsd: " + name() + " failed (" + failure.getMessage()
                            + "); starting it again, ever more slowly");
        }
        backoff.pause();
        try {
            open.listen();
            open.wakeup(); // so that the next turn shows whether it works
        } catch (IOException stillNot) {
            open.wakeup();
            instruments.log().debug("dogstatsd: " + name() + ": " + stillNot.getMessage());
        }
    }

    private void become(State next) {
        synchronized (lock) {
            if (state != State.CLOSED) {
                state = next;
            }
            lock.notifyAll();
        }
    }
}
