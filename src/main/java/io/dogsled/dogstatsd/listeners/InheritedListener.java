package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The socket that the launcher bound and left as fd 0, read as a file: one read is one datagram, an empty datagram reads as the end
 * of a file and is not one. Of all ways to read it the cheapest at start and in use (architecture.md, The pieces).
 */
public final class InheritedListener implements Listener {
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
        return new InheritedListener(new FileInputStream(FileDescriptor.in), port, handler, marks, instruments);
    }

    /** {@code socket}: each read is one datagram. */
    InheritedListener(
            InputStream socket, int port, DatagramHandler handler, MarkSender marks, Instruments instruments) {
        this.socket = socket;
        this.port = port;
        this.instruments = instruments;
        this.loop = new ReceiveLoop(new FileSource(socket, "udp port " + port), handler, marks, instruments);
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

    private static final class FileSource implements DatagramSource {
        private final InputStream socket;
        private final String name;

        FileSource(InputStream socket, String name) {
            this.socket = socket;
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void reopen() {
            // it is the launcher's socket: to read it once more is all there is to do
        }

        @Override
        public int receive(byte[] buffer) throws IOException {
            return socket.read(buffer);
        }

        @Override
        public boolean looksEmpty() throws IOException {
            return socket.available() == 0;
        }
    }
}
