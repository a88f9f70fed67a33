package io.dogsled.telemetry;

/** What is known of one request, and what has been said of it: each thing once. Owned by {@link EnhancedMetrics}. */
final class Request {
    /** What is said of a request at most once. */
    static final int INVOCATION = 1;

    static final int RUNTIME_DONE = 2;
    static final int REPORT = 4;
    static final int ERROR = 8;
    static final int TIMEOUT = 16;
    static final int OUT_OF_MEMORY = 32;
    static final int POST_RUNTIME = 64;

    final String id;

    /** Its tags as a client would write them, without {@code #}. */
    final byte[] tags;

    /** Whether this engine saw it begin: by its INVOKE, or by {@code platform.start} where no INVOKE comes. */
    boolean begun;

    /** By {@code platform.start}; {@link EventTime#UNKNOWN} if it did not come. */
    long startMs = EventTime.UNKNOWN;

    /** When it was reported; 0 = not yet. */
    long reportMs;

    /** How long the runtime took, −1 = not known. */
    double runtimeMs = -1;

    /** How long all of it took, −1 = not known. */
    double durationMs = -1;

    private int said;

    Request(String id, byte[] tags) {
        this.id = id;
        this.tags = tags;
    }

    /** Whether this is the first time; it is not any more then. */
    boolean first(int what) {
        boolean first = (said & what) == 0;
        said |= what;
        return first;
    }

    boolean has(int what) {
        return (said & what) != 0;
    }
}
