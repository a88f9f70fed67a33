package io.dogsled.dogstatsd.listeners;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Joins small datagrams with LF into packets, so that a hand-over to a worker is paid once for many (Agent:
 * comp/dogstatsd/packets/assembler.go). The Agent hands a packet over when the next datagram does not fit, and by a timer; here the
 * timer is a worker that has nothing else to do ({@link PacketQueue}), so nothing waits and nothing ticks.
 *
 * <p>Joining ends a last line that had no end. Where that is not allowed, the datagram is cut before it comes here.
 *
 * <p>Not for two threads at a time; the queue's lock guards it. Packets that come back are used again; the queue says how many to
 * {@link #keep}.
 */
final class PacketAssembler {
    private final int packetBytes;
    private final ArrayDeque<Packet> free = new ArrayDeque<>();
    private Packet open;

    /** Packets of a size; a longer datagram gets one of its own length. */
    PacketAssembler(int packetBytes) {
        this.packetBytes = packetBytes;
        this.open = new Packet(packetBytes);
    }

    /** Adds a datagram; the packet that was full and must be handed over now, null if there is none. */
    @Nullable
    Packet add(byte[] datagram, int length) {
        Packet full = makesRoom(length) ? take() : null;
        if (length > open.bytes().length) {
            giveBack(open);
            open = new Packet(length);
        }
        open.add(datagram, length);
        return full;
    }

    /** Whether {@link #add} would return a packet. */
    boolean makesRoom(int length) {
        return !isEmpty() && !open.fits(length);
    }

    boolean isEmpty() {
        return open.length() == 0;
    }

    /** What has been joined so far, which must not be {@link #isEmpty empty}. */
    Packet take() {
        Packet taken = open;
        Packet next = free.poll();
        open = next == null ? new Packet(packetBytes) : next;
        return taken;
    }

    /** Takes a packet that has been handled. */
    void giveBack(Packet packet) {
        if (packet.bytes().length == packetBytes) {
            packet.clear();
            free.add(packet);
        }
    }

    /** Lets go of packets that came back until they are no more than so many bytes. */
    void keep(long bytes) {
        while (freeBytes() > Math.max(0, bytes)) {
            free.poll();
        }
    }

    /** The size of all packets that came back and wait to be used again. */
    long freeBytes() {
        return (long) free.size() * packetBytes;
    }
}
