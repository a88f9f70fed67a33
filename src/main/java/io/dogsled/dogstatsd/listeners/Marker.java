package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * The marker datagrams of one listener: how they look, and which of them have come.
 *
 * <pre>
 * 16 bytes  nonce, drawn once a life: no client can make a marker, and none of an earlier process or of a snapshot matches
 *  8 bytes  sequence number, big endian: a drain waits for its own marker, not for an older one
 * </pre>
 *
 * The receiver's thread matches, other threads wait.
 */
final class Marker {
    private static final int NONCE_BYTES = 16;
    private static final int LENGTH = NONCE_BYTES + Long.BYTES;
    private static final long NS_PER_MS = 1_000_000L;

    private final Clock clock;
    private volatile byte[] nonce = new byte[NONCE_BYTES];
    private final Object lock = new Object();
    private long sent; // guarded by lock
    private long received; // guarded by lock
    private long receivedCount; // guarded by lock

    Marker(Clock clock) {
        this.clock = clock;
    }

    /**
     * Draws the nonce, before anything else; again when no marker is under way. It is read from the kernel as a file: {@code SecureRandom} would cost start-up time.
     *
     * @throws IOException if there is no {@code /dev/urandom}
     */
    void drawNonce() throws IOException {
        byte[] drawn = new byte[NONCE_BYTES];
        try (FileInputStream random = new FileInputStream("/dev/urandom")) {
            if (random.readNBytes(drawn, 0, NONCE_BYTES) != NONCE_BYTES) {
                throw new IOException("/dev/urandom ended");
            }
        }
        nonce = drawn;
    }

    /** The number of the next marker. */
    long next() {
        synchronized (lock) {
            return ++sent;
        }
    }

    /** The datagram of marker {@code number}. */
    byte[] payload(long number) {
        byte[] payload = new byte[LENGTH];
        System.arraycopy(nonce, 0, payload, 0, NONCE_BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            payload[NONCE_BYTES + i] = (byte) (number >>> (8 * (Long.BYTES - 1 - i)));
        }
        return payload;
    }

    /** Whether a datagram is one of our markers; if so, those who wait for it learn. */
    boolean take(byte[] buffer, int length) {
        if (length != LENGTH) {
            return false;
        }
        byte[] ours = nonce;
        for (int i = 0; i < NONCE_BYTES; i++) {
            if (buffer[i] != ours[i]) {
                return false;
            }
        }
        long number = 0;
        for (int i = NONCE_BYTES; i < LENGTH; i++) {
            number = number << 8 | (buffer[i] & 0xFF);
        }
        synchronized (lock) {
            received = Math.max(received, number);
            receivedCount++;
            lock.notifyAll();
        }
        return true;
    }

    /** How many will never come: a later one has, and a socket keeps the order. */
    long lost() {
        synchronized (lock) {
            return Math.max(0, received - receivedCount);
        }
    }

    /** Waits until marker {@code number} or a later one has been read, or until the deadline; whether it has. */
    boolean await(long number, Deadline deadline) {
        synchronized (lock) {
            long leftNs = deadline.remainingNs(clock.nowNs());
            while (received < number && leftNs > 0) {
                try {
                    lock.wait(leftNs / NS_PER_MS, (int) (leftNs % NS_PER_MS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                leftNs = deadline.remainingNs(clock.nowNs());
            }
            return received >= number;
        }
    }
}
