package io.dogsled.lambda;

import java.nio.charset.StandardCharsets;

/**
 * One frame, and the numbers of its types ({@code docs/architecture.md}). Reused: valid until the next one is read.
 *
 * <pre>
 * 05 00 00 00 | 13 | 0a 00 00 00        wake 10
 * u32 length  | u8   payload, length − 1 bytes, little endian
 *               type
 * </pre>
 */
final class Frame {
    static final int REGISTERED = 1;
    static final int EVENT = 2;
    static final int TELEMETRY = 3;
    static final int RESTARTED = 5;
    static final int TICK = 6;

    static final int READY = 16;
    static final int DONE = 17;
    static final int MARK = 18;
    static final int WAKE = 19;
    static final int MARK_UNIX = 20;
    static final int HOLDS = 21;

    /** Length and type. */
    static final int HEAD_BYTES = 5;

    /** The most that a frame's length may say. */
    static final int MAX_LENGTH = 2 << 20;

    /** Frames up to this size share one buffer; the rare larger one gets its own and leaves it to the collector. */
    private static final int KEPT_BYTES = 64 << 10;

    private byte[] kept = new byte[1 << 10];
    private byte[] payload = kept;
    private int type;
    private int length;

    /** Makes room for a payload and returns where it goes, from index 0. */
    byte[] prepare(int newType, int newLength) {
        if (newLength > kept.length && newLength <= KEPT_BYTES) {
            kept = new byte[Math.max(newLength, kept.length * 2)];
        }
        payload = newLength <= kept.length ? kept : new byte[newLength];
        type = newType;
        length = newLength;
        return payload;
    }

    int type() {
        return type;
    }

    /** The payload from index 0; longer than {@link #length()}. */
    byte[] payload() {
        return payload;
    }

    int length() {
        return length;
    }

    /** The number in the first eight bytes; 0 if the payload is shorter. */
    long u64() {
        long value = 0;
        for (int i = 7; i >= 0 && length >= 8; i--) {
            value = value << 8 | (payload[i] & 0xff);
        }
        return value;
    }

    /** Where the body of an event or a batch begins: behind the time of its arrival. */
    int bodyStart() {
        return Math.min(8, length);
    }

    /** The text from {@link #bodyStart()} to the end. */
    String bodyText() {
        return new String(payload, bodyStart(), length - bodyStart(), StandardCharsets.UTF_8);
    }
}
