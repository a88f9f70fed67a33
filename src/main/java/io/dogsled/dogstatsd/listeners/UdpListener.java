package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A UDP socket of its own, for tests and for use as a library; it sends its markers to itself. */
public final class UdpListener implements Listener {
    private static final int LARGE_RECEIVE_BUFFER = 4 << 20;

    private final OwnSocket socket;
    private final ReceiveLoop loop;
    private final KernelDrops drops;

    private UdpListener(OwnSocket socket, ReceiveLoop loop, Instruments instruments) {
        this.socket = socket;
        this.loop = loop;
        this.drops = new KernelDrops(socket.socket.getLocalAddress(), localPort(), loop, instruments);
    }

    /**
     * Binds a socket; {@link #start} reads it.
     *
     * @param host the address, by number or name
     * @param port 0 = any free one
     * @param receiveBufferBytes 0 = as large as the kernel allows
     * @throws IOException if the address cannot be had; nothing is left behind
     */
    public static UdpListener bind(
            String host, int port, int receiveBufferBytes, DatagramHandler handler, Instruments instruments)
            throws IOException {
        int bytes = receiveBufferBytes > 0 ? receiveBufferBytes : LARGE_RECEIVE_BUFFER;
        OwnSocket own = new OwnSocket(bytes, bound(new InetSocketAddress(InetAddress.getByName(host), port), bytes));
        return new UdpListener(own, new ReceiveLoop(own, handler, own, instruments), instruments);
    }

    /** The socket, so that a test can break it. */
    DatagramSocket socket() {
        return socket.socket;
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

    @Override
    public int localPort() {
        return socket.address.getPort();
    }

    @Override
    public boolean drain(Deadline deadline) {
        return loop.drain(deadline);
    }

    @Override
    public void countKernelDrops() {
        drops.count();
    }

    /** A {@link DatagramSocket} wakes its reader when it is closed. */
    @Override
    public void beginAnew() {
        loop.beginAnew();
    }

    @Override
    public void close() {
        loop.stop();
        socket.close();
        loop.join();
    }

    private static DatagramSocket bound(InetSocketAddress address, int receiveBufferBytes) throws IOException {
        DatagramSocket socket = new DatagramSocket(null);
        try {
            socket.setReceiveBufferSize(receiveBufferBytes);
            socket.bind(address);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The socket, which is bound again to the same address if it is found closed. */
    private static final class OwnSocket implements DatagramSource, MarkSender {
        private final int receiveBufferBytes;
        private final InetSocketAddress address;
        private final DatagramPacket packet = new DatagramPacket(new byte[0], 0);
        private volatile DatagramSocket socket; // changed under this
        private boolean closed; // guarded by this

        OwnSocket(int receiveBufferBytes, DatagramSocket socket) {
            this.receiveBufferBytes = receiveBufferBytes;
            this.socket = socket;
            this.address = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }

        @Override
        public String name() {
            return "udp port " + address.getPort();
        }

        @Override
        public synchronized void reopen() throws IOException {
            if (!closed && socket.isClosed()) {
                socket = bound(address, receiveBufferBytes);
            }
        }

        synchronized void close() {
            closed = true;
            socket.close();
        }

        @Override
        public int receive(byte[] buffer) throws IOException {
            packet.setData(buffer);
            socket.receive(packet);
            return packet.getLength();
        }

        @Override
        public boolean looksEmpty() {
            return false; // a DatagramSocket does not tell
        }

        @Override
        public void sendMark(byte[] payload) throws IOException {
            InetAddress bound = address.getAddress();
            InetAddress target = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
            socket.send(new DatagramPacket(payload, payload.length, target, address.getPort()));
        }
    }
}
