package io.dogsled.emulator;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The wall clock of one environment: the machine's, and what it was stepped by. It decides every {@code deadlineMs} and the time of
 * every telemetry event; durations stay monotonic. Any thread.
 *
 * <p>Processes read the machine's clock, which nobody may move. Those that were built to be fooled find the step in a file named by
 * {@link #VARIABLE}: eight bytes, little endian, milliseconds, to be mapped and read at every look at the clock.
 */
final class PlatformClock {
    static final String VARIABLE = "DOGSLED_TEST_CLOCK";

    private final Optional<Path> file;
    private volatile long offsetMs;

    /** {@code file}: for processes that can be fooled; it is made here. */
    PlatformClock(Optional<Path> file) {
        this.file = file;
        write(0);
    }

    Optional<Path> file() {
        return file;
    }

    /** Milliseconds since the epoch, as everybody in this environment believes. */
    long nowMs() {
        return System.currentTimeMillis() + offsetMs;
    }

    Instant now() {
        return Instant.ofEpochMilli(nowMs());
    }

    /** Forward or backward, from now on. One thread. */
    void step(Duration by) {
        write(offsetMs + by.toMillis());
    }

    private void write(long newOffsetMs) {
        offsetMs = newOffsetMs;
        if (file.isEmpty()) {
            return;
        }
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(newOffsetMs)
                .array();
        try (RandomAccessFile out = new RandomAccessFile(file.get().toFile(), "rw")) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file.get(), e);
        }
    }
}
