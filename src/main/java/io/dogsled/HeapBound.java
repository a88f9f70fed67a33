package io.dogsled;

/**
 * Keeps the heap from creeping up to {@code -Xmx}. What lives for a bucket or two survives the small young generation, and the
 * serial collector lets the old one grow as long as it may before it looks at it: some 140 bytes an invocation, and after a
 * burst for ever. So everything is collected when twice as much is in use as after the last time; what was freed is used again, and
 * the process grows no more. Main thread, at moments when nobody waits, once in ten thousand invocations or so.
 */
final class HeapBound {
    /** Below this it is not worth a collection. */
    private static final long LEAST_BYTES = 6L << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private long dueBytes = LEAST_BYTES;

    /** Collects if so much is in use. */
    void check() {
        if (usedBytes() >= dueBytes) {
            System.gc();
            dueBytes = Math.max(LEAST_BYTES, 2 * usedBytes());
        }
    }

    private long usedBytes() {
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
