package io.dogsled.telemetry;

/**
 * One event of a telemetry batch (lambda.md §4.3). Texts are {@code ""} where the batch has none.
 *
 * @param type as received, for example {@code platform.runtimeDone}
 * @param time ISO 8601, UTC, as received
 * @param status {@code success}, {@code failure}, {@code error}, {@code timeout}, or a word that did not exist when this was
 *     written
 * @param measures the numbers of the record, {@link Measures#NONE} if nobody wants them
 */
public record PlatformEvent(
        Kind kind, String type, String time, String requestId, String status, String errorType, Measures measures) {

    /** The types that something is done with. */
    public enum Kind {
        /** {@code platform.start}. */
        START,

        /** {@code platform.runtimeDone}: the function is done; not sent on Managed Instances. */
        RUNTIME_DONE,

        /** {@code platform.report}: after everybody is done, so usually during the next invocation. */
        REPORT,

        /** {@code platform.logsDropped}: telemetry that the platform gave up on. */
        LOGS_DROPPED,

        /** Everything else. */
        OTHER
    }

    /** {@link #time} in epoch milliseconds; 0 = there is none. */
    public long timeMs() {
        return EventTime.epochMs(time);
    }
}
