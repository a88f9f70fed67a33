package io.dogsled.lambda;

/**
 * One answer of {@code /next} (lambda.md §1.3). Every field but the kind may be missing.
 *
 * @param deadlineMs epoch milliseconds; 0 = not given
 * @param shutdownReason as received: lower case in production, upper case in old pages, other words in the emulator
 */
public record LambdaEvent(
        Kind kind, String requestId, long deadlineMs, String invokedFunctionArn, String shutdownReason) {

    /** What it is about. */
    public enum Kind {
        INVOKE,
        SHUTDOWN,

        /** A type of event that did not exist when this was written. */
        UNKNOWN,

        /** Not a JSON object at all. */
        MALFORMED
    }
}
