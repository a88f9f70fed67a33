package io.dogsled.telemetry;

/** The numbers of a record that something is made of (AWS: telemetry-schema-reference). */
public enum Measure {
    DURATION("durationMs"),
    BILLED_DURATION("billedDurationMs"),
    MEMORY_SIZE("memorySizeMB"),
    MAX_MEMORY_USED("maxMemoryUsedMB"),
    INIT_DURATION("initDurationMs"),
    RESTORE_DURATION("restoreDurationMs"),
    PRODUCED_BYTES("producedBytes"),

    /** Of a span, as the next one. */
    RESPONSE_LATENCY("responseLatency"),
    RESPONSE_DURATION("responseDuration");

    private static final Measure[] ALL = values();

    private final String word;

    Measure(String word) {
        this.word = word;
    }

    /** The ordinal of the number called {@code word}, −1 if nothing is made of it. */
    static int indexOf(String word) {
        for (Measure measure : ALL) {
            if (measure.word.equals(word)) {
                return measure.ordinal();
            }
        }
        return -1;
    }
}
