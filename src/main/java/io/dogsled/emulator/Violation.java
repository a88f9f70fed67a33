package io.dogsled.emulator;

/**
 * A call that the platform refused because of what the caller did, not because of an injected fault.
 *
 * @param atNs on the scale of {@link System#nanoTime()}
 * @param who name of the extension as far as known, or {@code runtime}
 * @param call method and path
 * @param state state of the caller when the call arrived, {@code -} if it has none
 * @param status HTTP status of the answer
 * @param errorType as in the answer, for example {@code Extension.InvalidExtensionState}; empty for 404 and 405
 * @param message as in the answer
 */
public record Violation(
        long atNs, String who, String call, String state, int status, String errorType, String message) {}
