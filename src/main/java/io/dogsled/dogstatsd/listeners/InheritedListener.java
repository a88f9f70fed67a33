package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The socket that the launcher bound and left as fd 0, read as a file: one read is one datagram, an empty datagram reads as the end
 * of a file and is not one. Of all ways to read it the cheapest at start and in use (architecture.md, The pieces).
 *
 * <p>Until this engine is ready and has caught up, the launcher is the one that reads the socket, and what it reads comes through a
 * pipe, fd 6. The end of that pipe is the word that the socket is ours, so no later datagram overtakes an earlier one
 * (docs/decisions/021).
 */
public final class InheritedListener implements Listener {
    private static final String HELD = "/proc/self/fd/6";

    private final InputStream socket;
    private final int port;
    private final ReceiveLoop loop;
    private final Instruments instruments;
    private @Nullable KernelDrops drops; // guarded by this

    /**
     * Reads fd 0.
     *
     * @param port the port the launcher bound; 0 = none, and fd 0 is {@code /dev/null}, which would read as empty for ever: then nothing
     *     is read
     * @param marks sends datagrams to the socket, which cannot send to itself
     */
    public static InheritedListener ofStandardInput(
            int port, DatagramHandler handler, MarkSender marks, Instruments instruments) {
        FileSource source = new FileSource(new FileInputStream(FileDescriptor.in), null, port, instruments.counters());
        return new InheritedListener(source, handler, marks, instruments);
    }

    /**
     * Reads fd 0 after what the launcher has read of it, which is fd 6. As above otherwise.
     *
     * @throws IOException if fd 6 is not there
     */
    public static InheritedListener ofLauncher(
            int port, DatagramHandler handler, MarkSender marks, Instruments instruments) throws IOException {
        InputStream held = new FileInputStream(HELD);
        FileSource source = new FileSource(new FileInputStream(FileDescriptor.in), held, port, instruments.counters());
        return new InheritedListener(source, handler, marks, instruments);
    }

    InheritedListener(FileSource source, DatagramHandler handler, MarkSender marks, Instruments instruments) {
        this.socket = source.socket;
        this.port = source.port;
        this.instruments = instruments;
        this.loop = new ReceiveLoop(source, handler, marks, instruments);
    }

    @Override
    public void start() throws IOException {
        if (port != 0) {
            loop.start();
        }
    }

    @Override
    public String name() {
        return loop.name();
    }

    @Override
    public State state() {
        return loop.state();
    }

    @Override
    public int localPort() {
        return port;
    }

    @Override
    public boolean drain(Deadline deadline) {
        return port == 0 || loop.drain(deadline);
    }

    @Override
    public void countKernelDrops() {
        if (port != 0) {
            drops().count();
        }
    }

    @Override
    public void beginAnew() {
        loop.beginAnew();
    }

    @Override
    public void close() {
        if (port != 0) {
            loop.closeByMark(socket);
        }
    }

    private synchronized KernelDrops drops() {
        if (drops == null) {
            drops = new KernelDrops(null, port, loop, instruments);
        }
        return drops;
    }

    /** The thread of the listener reads; {@link #looksEmpty} is for any thread. */
    static final class FileSource implements DatagramSource {
        private final InputStream socket;
        private final int port;
        private final Counters counters;
        private volatile @Nullable InputStream held;
        private @Nullable RelaySource relayed;

        /** {@code socket}: each read is one datagram. {@code held}: frames that come before it; null if there are none. */
        FileSource(InputStream socket, @Nullable InputStream held, int port, Counters counters) {
            this.socket = socket;
            this.held = held;
            this.port = port;
            this.counters = counters;
        }

        @Override
        public String name() {
            return "udp port " + port;
        }

        @Override
        public void reopen() {
            // it is the launcher's socket: to read it once more is all there is to do
        }

        @Override
        public int receive(byte[] buffer) throws IOException {
            InputStream pipe = held;
            if (pipe != null) {
                int length = receiveHeld(pipe, buffer);
                if (length >= 0) {
                    return length;
                }
                held = null;
                relayed = null;
                pipe.close();
            }
            return socket.read(buffer);
        }

        /** What the pipe holds says nothing about the socket: only a marker does. */
        @Override
        public boolean looksEmpty() throws IOException {
            return held == null && socket.available() == 0;
        }

        /** -1 at the end. Most functions send nothing so early, and then no frame has to be understood. */
        private int receiveHeld(InputStream pipe, byte[] buffer) throws IOException {
            if (relayed == null) {
                int first = pipe.read();
                if (first < 0) {
                    return -1;
                }
                relayed = new RelaySource(pipe, counters);
                relayed.unread(first);
            }
            try {
                return relayed.receive(buffer);
            } catch (EOFException end) {
                return -1;
            }
        }
    }
}
