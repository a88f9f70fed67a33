package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sends every datagram, as it came, to another address as well (flush-and-testserver.md, ST9): a second path that can fail without
 * touching the first. The datagram has been handled when it comes here, and the channel never blocks, so the worst that can happen to
 * the first path is one system call. What cannot be sent is counted and told once a minute for each reason.
 *
 * <p>The name is resolved by a thread of its own, {@code forward}, which ends when the channel is connected: that may take as long as
 * it likes. What comes until then is kept, up to {@link #EARLY_BYTES}. If there is no such name, nothing is forwarded.
 */
public final class Forwarding implements Runnable, AutoCloseable {
    /** What may wait for the channel. */
    static final int EARLY_BYTES = 256 << 10;

    private final String host;
    private final int port;
    private final Instruments instruments;
    private final Thread thread = new Thread(this, "forward");
    private final OncePerMinute fullLine = new OncePerMinute();
    private final OncePerMinute refusedLine = new OncePerMinute();
    private final OncePerMinute otherLine = new OncePerMinute();
    private final Object lock = new Object();
    private final ArrayDeque<byte[]> early = new ArrayDeque<>(); // guarded by lock
    private int earlyBytes; // guarded by lock
    private boolean closed; // guarded by lock
    private volatile @Nullable DatagramChannel channel; // set under lock

    /** Nothing is resolved or opened before {@link #start}. */
    public Forwarding(String host, int port, Instruments instruments) {
        this.host = host;
        this.port = port;
        this.instruments = instruments;
    }

    /** Resolves and connects, on a thread of its own; once. */
    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Sends a datagram, or keeps a copy until it can be sent. Any thread. */
    public void forward(byte[] buffer, int length) {
        DatagramChannel connected = channel;
        if (connected == null) {
            connected = keep(buffer, length);
        }
        if (connected != null) {
            send(connected, ByteBuffer.wrap(buffer, 0, length));
        }
    }

    @Override
    public void run() {
        try {
            InetSocketAddress target = new InetSocketAddress(InetAddress.getByName(host), port);
            DatagramChannel opened = DatagramChannel.open();
            opened.configureBlocking(false);
            opened.connect(target);
            onConnected(opened);
        } catch (IOException | RuntimeException | Error e) {
            instruments
                    .log()
                    .warn("dogstatsd: nothing is forwarded to " + host + ":" + port + " (" + e
                            + "); set DD_STATSD_FORWARD_HOST and DD_STATSD_FORWARD_PORT");
            giveUp();
        }
    }

    /** Ends it; what waits is dropped and counted. May run twice. */
    @Override
    public void close() {
        giveUp();
        DatagramChannel connected = channel;
        if (connected != null) {
            closeQuietly(connected);
        }
    }

    private @Nullable DatagramChannel keep(byte[] buffer, int length) {
        synchronized (lock) {
            if (channel != null) {
                return channel;
            }
            if (closed || earlyBytes + length > EARLY_BYTES) {
                instruments.counters().increment(Counter.FORWARD_DROPPED);
            } else {
                early.add(Arrays.copyOf(buffer, length));
                earlyBytes += length;
            }
            return null;
        }
    }

    private void onConnected(DatagramChannel opened) {
        synchronized (lock) {
            if (closed) {
                closeQuietly(opened);
                return;
            }
            for (byte[] datagram : early) {
                send(opened, ByteBuffer.wrap(datagram));
            }
            early.clear();
            channel = opened;
        }
    }

    private void giveUp() {
        synchronized (lock) {
            closed = true;
            instruments.counters().add(Counter.FORWARD_DROPPED, early.size());
            early.clear();
        }
    }

    private void send(DatagramChannel connected, ByteBuffer datagram) {
        try {
            if (!write(connected, datagram)) {
                drop(fullLine, "its send buffer is full");
            }
        } catch (PortUnreachableException nobody) {
            drop(refusedLine, "nobody listens there");
        } catch (IOException e) {
            drop(otherLine, String.valueOf(e.getMessage()));
        }
    }

    /** A refusal tells of a datagram sent before this one, which has not been sent then: once more. */
    private boolean write(DatagramChannel connected, ByteBuffer datagram) throws IOException {
        int length = datagram.remaining();
        boolean sent;
        try {
            sent = connected.write(datagram) == length;
        } catch (PortUnreachableException earlier) {
            drop(refusedLine, "nobody listens there");
            sent = connected.write(datagram.rewind()) == length;
        }
        if (sent) {
            instruments.counters().increment(Counter.FORWARDED);
        }
        return sent;
    }

    private void drop(OncePerMinute line, String reason) {
        instruments.counters().increment(Counter.FORWARD_DROPPED);
        boolean due;
        synchronized (lock) {
            due = line.isDue(instruments.clock().nowMs());
        }
        if (due) {
            instruments
                    .log()
                    .warn("dogstatsd: a datagram could not be forwarded to " + host + ":" + port + " (" + reason
                            + "); it is dropped there (forward_dropped) and was received here all the same");
        }
    }

    private static void closeQuietly(DatagramChannel channel) {
        try {
            channel.close();
        } catch (IOException alreadyGone) {
            // nothing depends on it any more
            return;
        }
    }
}
