package io.dogsled.dogstatsd.listeners;

import java.nio.ByteBuffer;

/**
 * The bytes of one stream connection → its datagrams (protocol.md §7.3). Owned by the listener's thread.
 *
 * <pre>
 * u32 length, little endian      05 00 00 00
 * ... datagram                   a  :  1  |  c
 * </pre>
 *
 * An empty frame is an empty datagram and skipped. A connection costs memory only while a frame has come in part, and then the length
 * of that frame.
 */
final class Frames {
    private static final int PREFIX_BYTES = 4;
    private static final byte[] NONE = new byte[0];

    private final DatagramHandler handler;
    private final byte[] whole;
    private int prefixBytes;
    private int length;
    private byte[] part = NONE;
    private int partBytes;

    /** {@code whole}: the listener's buffer for frames that came in one piece, as long as a frame may be. */
    Frames(DatagramHandler handler, byte[] whole) {
        this.handler = handler;
        this.whole = whole;
    }

    /** Takes all of {@code bytes}; false if a frame is longer than the buffer: then nothing after it means anything. */
    boolean take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if (prefixBytes < PREFIX_BYTES) {
                length |= (bytes.get() & 0xFF) << (8 * prefixBytes);
                prefixBytes++;
                if (prefixBytes == PREFIX_BYTES && !isLengthPossible()) {
                    return false;
                }
            } else {
                takeDatagram(bytes);
            }
        }
        return true;
    }

    /** Whether a part of a frame has come and the rest has not. */
    boolean isInsideFrame() {
        return prefixBytes > 0;
    }

    /** The length the last prefix announced. */
    long announcedLength() {
        return Integer.toUnsignedLong(length);
    }

    private boolean isLengthPossible() {
        if (length == 0) {
            expectPrefix();
        }
        return length >= 0 && length <= whole.length;
    }

    private void takeDatagram(ByteBuffer bytes) {
        if (partBytes == 0 && bytes.remaining() >= length) {
            bytes.get(whole, 0, length);
            handOver(whole);
            return;
        }
        if (partBytes == 0) {
            part = new byte[length];
        }
        int taken = Math.min(bytes.remaining(), length - partBytes);
        bytes.get(part, partBytes, taken);
        partBytes += taken;
        if (partBytes == length) {
            byte[] datagram = part;
            part = NONE;
            partBytes = 0;
            handOver(datagram);
        }
    }

    private void handOver(byte[] datagram) {
        int datagramBytes = length;
        expectPrefix();
        handler.onDatagram(datagram, datagramBytes);
    }

    private void expectPrefix() {
        prefixBytes = 0;
        length = 0;
    }
}
