package io.dogsled.emulator;

/**
 * Something that happened in a sandbox.
 *
 * @param atNs on the scale of {@link System#nanoTime()}
 * @param who name of the extension, {@code runtime}, or {@code platform}
 * @param detail depends on the kind: request id, method and path, exit code, event types
 */
public record Mark(long atNs, Kind kind, String who, String detail) {
    /** What happened. */
    public enum Kind {
        /** A process was started; taken when the new program image was in place. */
        EXEC,
        /** An API request arrived; detail is method and path. */
        CALL,
        /** A registration was accepted. */
        REGISTERED,
        /** A telemetry subscription was accepted. */
        SUBSCRIBED,
        /** A {@code /next} of an extension or of the runtime was accepted. */
        NEXT,
        /** An event left for an extension or the runtime; detail is the event type and the request id. */
        EVENT,
        /** Init is over; detail is its status. */
        INIT_DONE,
        /** A snapshot was woken and its runtime is ready; detail is the status. */
        RESTORED,
        /** The caller asked for an invocation. */
        INVOKE,
        /** The runtime delivered its response (or its error). */
        RESPONSE,
        /** The runtime called next after its response, or failed. */
        RUNTIME_DONE,
        /** A telemetry batch was written to an extension's listener; detail lists the event types. */
        TELEMETRY_SENT,
        /** Runtime and extensions are done with an invocation. */
        INVOKE_DONE,
        /** The process groups were stopped. */
        FREEZE,
        /** The process groups go on. */
        THAW,
        /** The shutdown of a generation began; detail is the reason. */
        SHUTDOWN,
        /** A signal was sent; detail is its name. */
        SIGNAL,
        /** A process ended; detail is its exit code. */
        EXIT,
        /** A call was refused, see {@link Violation}. */
        VIOLATION
    }
}
