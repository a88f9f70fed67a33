package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits between the listeners and the workers: full packets, and the open one of the {@link PacketAssembler}. A worker takes the
 * oldest full packet, or the open one if there is no other: so a datagram never waits for company while a worker is idle, and joins
 * others while all are busy.
 *
 * <p><b>Bound.</b> {@code packets} packets, no more bytes than they would have, and no more than {@code mostBytes}, whichever comes
 * first; packets kept to be used again count as bytes. Beside it there are only the open packet and one a worker. Who puts waits for
 * room, counted, and the kernel keeps what comes meanwhile. One lock, held to copy a datagram or to move a packet.
 *
 * <p><b>Drain.</b> Packets are taken in order. So what was here at a moment has been handled when as many packets have been taken as
 * were here, and no worker is busy with one of those.
 */
final class PacketQueue {
    private static final long IDLE = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final Instruments instruments;
    private final int limit;
    private final long limitBytes;
    private final PacketAssembler assembler; // the rest is guarded by lock
    private final ArrayDeque<Packet> full = new ArrayDeque<>();
    private final long[] busyWith;
    private long fullBytes;
    private long taken;
    private boolean closed;

    PacketQueue(int packetBytes, int packets, long mostBytes, int workers, Instruments instruments) {
        this.instruments = instruments;
        this.limit = packets;
        this.limitBytes = Math.min(mostBytes, (long) packets * packetBytes);
        this.assembler = new PacketAssembler(packetBytes);
        this.busyWith = new long[workers];
        Arrays.fill(busyWith, IDLE);
    }

    /** Takes a copy of a datagram; waits for room if there is none. Any thread but a worker. */
    void put(byte[] datagram, int length) {
        lock.lock();
        try {
            if (assembler.makesRoom(length) && !hasRoom()) {
                instruments.counters().increment(Counter.QUEUE_WAITS);
                while (assembler.makesRoom(length) && !hasRoom()) {
                    room.awaitUninterruptibly();
                }
            }
            Packet packet = assembler.add(datagram, length);
            if (packet != null) {
                full.add(packet);
                fullBytes += packet.bytes().length;
            }
            assembler.keep(limitBytes - fullBytes);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next packet for a worker, which gives it back with {@link #handled}; null if there will be none any more. */
    @Nullable
    Packet take(int worker) {
        lock.lock();
        try {
            while (full.isEmpty() && assembler.isEmpty()) {
                if (closed) {
                    return null;
                }
                work.awaitUninterruptibly();
            }
            Packet packet = full.poll();
            if (packet == null) {
                packet = assembler.take();
            } else {
                fullBytes -= packet.bytes().length;
            }
            busyWith[worker] = ++taken;
            room.signalAll();
            return packet;
        } finally {
            lock.unlock();
        }
    }

    /** The worker has done what it took last. */
    void handled(int worker, Packet packet) {
        lock.lock();
        try {
            busyWith[worker] = IDLE;
            assembler.giveBack(packet);
            assembler.keep(limitBytes - fullBytes);
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything put before has been handled, or until the deadline; whether it has. */
    boolean drain(Deadline deadline) {
        Clock clock = instruments.clock();
        lock.lock();
        try {
            long goal = taken + full.size() + (assembler.isEmpty() ? 0 : 1);
            long leftNs = deadline.remainingNs(clock.nowNs());
            while (!isHandled(goal) && leftNs > 0) {
                progress.awaitNanos(leftNs);
                leftNs = deadline.remainingNs(clock.nowNs());
            }
            return isHandled(goal);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is put any more; what is here is still handled. */
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the bound is about: packets that wait, and packets that wait to be used again. */
    long bytes() {
        lock.lock();
        try {
            return fullBytes + assembler.freeBytes();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the open packet may join those that wait; the first always may, however large. */
    private boolean hasRoom() {
        return full.isEmpty() || (full.size() < limit && fullBytes < limitBytes);
    }

    private boolean isHandled(long goal) {
        if (taken < goal) {
            return false;
        }
        for (long number : busyWith) {
            if (number <= goal) {
                return false;
            }
        }
        return true;
    }
}
