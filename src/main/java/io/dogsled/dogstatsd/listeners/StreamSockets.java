package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The channels of a {@link StreamListener}: one that listens and up to {@link #MAX_CONNECTIONS} connections. A connection that breaks
 * a rule, or breaks off, costs itself and nobody else. Owned by the listener's thread, but for {@link #wakeup}.
 */
final class StreamSockets {
    /** More are closed as soon as they are accepted, which a client notices. */
    static final int MAX_CONNECTIONS = 128;

    private static final int READ_BYTES = 65_536;

    /** More than a Unix socket can hold unread: who has read so much has read what was there when it began. */
    private static final long LARGEST_BACKLOG_BYTES = 16 << 20;

    private final String path;
    private final SocketFile file;
    private final Selector selector;
    private final DatagramHandler handler;
    private final Instruments instruments;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] whole;
    private final OncePerMinute tooLargeLine = new OncePerMinute();
    private final OncePerMinute refusedLine = new OncePerMinute();
    private @Nullable ServerSocketChannel server;
    private int connections;

    /** Nothing listens before {@link #listen}. */
    StreamSockets(String path, int bufferBytes, DatagramHandler handler, Instruments instruments) throws IOException {
        this.path = path;
        this.file = new SocketFile(path);
        this.handler = handler;
        this.instruments = instruments;
        this.whole = new byte[bufferBytes];
        this.selector = Selector.open();
    }

    /**
     * Listens, if it does not already. Connections live on.
     *
     * @throws IOException if the path cannot be had
     */
    void listen() throws IOException {
        if (!isListening()) {
            closeQuietly(server);
            server = file.bind();
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
    }

    /** Whether a client that connects to the path comes here. */
    boolean isListening() {
        return server != null && server.isOpen() && file.isOurs();
    }

    /** Waits until there is something to accept or to read, or until {@link #wakeup}. */
    void await() throws IOException {
        selector.select();
    }

    /** Ends an {@link #await}, or the next one. Any thread. */
    void wakeup() {
        selector.wakeup();
    }

    /** Accepts who waits, and reads once from each connection that has something. */
    void readReady() throws IOException {
        for (SelectionKey key : selector.selectedKeys()) {
            if (key.attachment() instanceof Frames frames) {
                read(key, frames);
            } else {
                acceptAll();
            }
        }
        selector.selectedKeys().clear();
    }

    /** Reads everything that is there at this moment, also from clients that are not accepted yet. */
    void readEverything() throws IOException {
        acceptAll();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Frames frames) {
                long total = 0;
                int count = read(key, frames);
                while (count > 0 && total < LARGEST_BACKLOG_BYTES) {
                    total += count;
                    count = read(key, frames);
                }
            }
        }
        selector.selectedKeys().clear();
    }

    /** Closes all of it; what nobody has read is lost with its connection. */
    void close() {
        for (SelectionKey key : selector.keys()) {
            closeQuietly(key.channel());
        }
        closeQuietly(selector);
        try {
            file.unlink();
        } catch (IOException e) {
            instruments.log().debug("dogstatsd: " + path + " stays: " + e.getMessage());
        }
    }

    private void acceptAll() throws IOException {
        ServerSocketChannel listening = server;
        if (listening == null || !listening.isOpen()) {
            return;
        }
        SocketChannel client = listening.accept();
        while (client != null) {
            accepted(client);
            client = listening.accept();
        }
    }

    private void accepted(SocketChannel client) throws IOException {
        if (connections == MAX_CONNECTIONS) {
            instruments.counters().increment(Counter.STREAM_REFUSED);
            closeQuietly(client);
            if (refusedLine.isDue(instruments.clock().nowMs())) {
                instruments
                        .log()
                        .warn("dogstatsd: " + path + " has " + MAX_CONNECTIONS
                                + " connections; more are refused (stream_refused)");
            }
            return;
        }
        client.configureBlocking(false);
        client.register(selector, SelectionKey.OP_READ, new Frames(handler, whole));
        connections++;
    }

    /** One read; how many bytes there were, less than 1 if there are none now or never again. */
    private int read(SelectionKey key, Frames frames) {
        if (!key.isValid() || !(key.channel() instanceof SocketChannel client)) {
            return 0;
        }
        bytes.clear();
        int count;
        try {
            count = client.read(bytes);
        } catch (IOException broken) {
            count = -1;
        }
        bytes.flip();
        if (!frames.take(bytes)) {
            onTooLarge(frames.announcedLength());
            disconnect(client);
            return -1;
        }
        if (count < 0) {
            if (frames.isInsideFrame()) {
                instruments.counters().increment(Counter.STREAM_CUT);
            }
            disconnect(client);
        }
        return count;
    }

    private void onTooLarge(long announced) {
        instruments.counters().increment(Counter.STREAM_TOO_LARGE);
        if (tooLargeLine.isDue(instruments.clock().nowMs())) {
            instruments
                    .log()
                    .warn("dogstatsd: a client of " + path + " announced a datagram of " + announced
                            + " bytes, more than " + whole.length
                            + "; its connection was closed (stream_too_large); set DD_DOGSTATSD_BUFFER_SIZE"
                            + " or the client's packet size");
        }
    }

    private void disconnect(SocketChannel client) {
        connections--;
        closeQuietly(client);
    }

    private static void closeQuietly(@Nullable AutoCloseable closeable) {
        try {
            if (closeable != null) {
                closeable.close();
            }
        } catch (Exception alreadyGone) {
            // nothing depends on it any more
            return;
        }
    }
}
