package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The Unix datagram socket that the launcher bound. The JDK has no such sockets, so the launcher reads it and relays the datagrams
 * through a pipe, which is fd 5 here (docs/decisions/009). A drain is exact: the launcher puts the marker into the pipe behind
 * everything that was in the socket.
 */
public final class RelayedListener implements Listener {
    private static final String PIPE = "/proc/self/fd/5";

    private final InputStream pipe;
    private final ReceiveLoop loop;

    /**
     * Over the inherited descriptor 5.
     *
     * @param marks asks the launcher for a marker in the pipe
     * @throws IOException if it is not there
     */
    public static RelayedListener ofLauncher(DatagramHandler handler, MarkSender marks, Instruments instruments)
            throws IOException {
        return new RelayedListener(new FileInputStream(PIPE), handler, marks, instruments);
    }

    RelayedListener(InputStream pipe, DatagramHandler handler, MarkSender marks, Instruments instruments) {
        this.pipe = pipe;
        this.loop = new ReceiveLoop(new RelaySource(pipe, instruments.counters()), handler, marks, instruments);
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
    public void start() throws IOException {
        loop.start();
    }

    /** None: it is no UDP socket. */
    @Override
    public int localPort() {
        return 0;
    }

    @Override
    public boolean drain(Deadline deadline) {
        return loop.drain(deadline);
    }

    @Override
    public void beginAnew() {
        loop.beginAnew();
    }

    @Override
    public void close() {
        loop.closeByMark(pipe);
    }
}
