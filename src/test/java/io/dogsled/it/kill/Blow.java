package io.dogsled.it.kill;

/** What happens to the engine, and what is to come of it. */
enum Blow {
    /** What the kernel refuses to execute: no engine, and none is tried again. */
    NO_BINARY(End.NEVER_RUNS),
    NO_RUNTIME(End.NEVER_RUNS),
    WRONG_ARCHITECTURE(End.NEVER_RUNS),
    NOT_EXECUTABLE(End.NEVER_RUNS),
    EMPTY_BINARY(End.NEVER_RUNS),

    /** What starts and ends at once, each time. */
    EMPTY_JAR(End.DIES_EACH_TIME),
    TRUNCATED_JAR(End.DIES_EACH_TIME),
    TRUNCATED_JVM(End.DIES_EACH_TIME),
    UNKNOWN_OPTION(End.DIES_EACH_TIME),

    /** What the JVM has to notice by itself. */
    CACHE_MISSING(End.RUNS),
    CACHE_EMPTY(End.RUNS),
    CACHE_TRUNCATED(End.RUNS),
    CACHE_HEADER(End.RUNS),
    CACHE_OF_ANOTHER_JAR(End.RUNS),
    CACHE_OF_OTHER_FLAGS(End.RUNS),

    /** Bytes in the middle of the cache, which the JVM does not check; and a jar that it misses only for what is not cached. */
    CACHE_BODY(End.ANYTHING),
    EMPTY_JAR_BUT_CACHED(End.ANYTHING),

    KILL(End.IS_REPLACED),
    SEGV(End.IS_REPLACED),
    OUT_OF_MEMORY(End.IS_REPLACED),
    RANDOM(End.IS_REPLACED),
    OVERSIZE(End.IS_REPLACED),
    ZERO(End.IS_REPLACED),
    ENDLESS(End.IS_REPLACED),

    STOP(End.IS_REPLACED_WHEN_SILENT),
    DEADLOCK(End.IS_REPLACED_WHEN_SILENT),
    SILENT(End.IS_REPLACED_WHEN_SILENT),
    DEAF(End.IS_REPLACED_WHEN_SILENT),

    /** A full heap may as well end in being out of memory, or in answers that come late. */
    SPIRAL(End.ANYTHING);

    private final End end;

    Blow(End end) {
        this.end = end;
    }

    End end() {
        return end;
    }

    /** Whether the layer is broken before anything starts; otherwise the engine is struck at a moment. */
    boolean isOfTheLayer() {
        return ordinal() < KILL.ordinal();
    }

    /** Whether the test strikes, and not the engine itself. */
    boolean isSignal() {
        return this == KILL || this == SEGV || this == STOP;
    }

    /** Whether the engine until then is one that never reads the UDP socket, so that its successor finds everything there. */
    boolean leavesTheSocketAlone() {
        return this == DEADLOCK || this == SILENT || this == DEAF;
    }

    /** What is to come of it. */
    enum End {
        NEVER_RUNS,
        DIES_EACH_TIME,
        RUNS,
        IS_REPLACED,
        IS_REPLACED_WHEN_SILENT,
        ANYTHING
    }
}
