package io.dogsled;

/**
 * Keeps the heap from creeping up to {@code -Xmx}. What lives for a bucket or two survives the small young generation, and the
 * serial collector lets the old one grow as long as it may before it looks at it: some 140 bytes an invocation, and after a
 * burst for ever. So everything is collected when the heap is half as large again as after the last time. Main thread, at moments
 * when nobody waits, once in ten thousand invocations or so.
 */
final class HeapBound {
    /** Below this it is not worth a collection. */
    private static final long LEAST_BYTES = 8L << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private long dueBytes = LEAST_BYTES;

    /** Collects if the heap has become so large; the collector gives back what it does not need. */
    void check() {
        if (runtime.totalMemory() >= dueBytes) {
            System.gc();
            dueBytes = Math.max(LEAST_BYTES, runtime.totalMemory() * 3 / 2);
        }
    }
}
