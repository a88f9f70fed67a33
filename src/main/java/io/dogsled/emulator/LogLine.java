package io.dogsled.emulator;

/**
 * One line that would have gone to the function's log group.
 *
 * @param atNs on the scale of {@link System#nanoTime()}
 * @param source name of the extension, {@code function}, or {@code platform}
 * @param stream where it came from
 */
public record LogLine(long atNs, String source, Stream stream, String text) {
    /** The stream of a process, or the platform itself. */
    public enum Stream {
        STDOUT,
        STDERR,
        PLATFORM
    }
}
