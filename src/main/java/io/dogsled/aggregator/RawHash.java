package io.dogsled.aggregator;

/** A hash of a run of bytes, four at a time. Good enough for open addressing; the bytes are always compared as well. */
final class RawHash {
    private static final int MULTIPLIER = 0x9E3779B1;

    private RawHash() {}

    /** @param seed what came before */
    static int of(int seed, byte[] bytes, int from, int to) {
        int hash = seed + (to - from);
        int i = from;
        for (; i + 4 <= to; i += 4) {
            int word =
                    (bytes[i] & 0xFF) | (bytes[i + 1] & 0xFF) << 8 | (bytes[i + 2] & 0xFF) << 16 | bytes[i + 3] << 24;
            hash = Integer.rotateLeft((hash ^ word) * MULTIPLIER, 15);
        }
        for (; i < to; i++) {
            hash = Integer.rotateLeft((hash ^ bytes[i]) * MULTIPLIER, 15);
        }
        return (hash ^ hash >>> 15) * MULTIPLIER;
    }
}
