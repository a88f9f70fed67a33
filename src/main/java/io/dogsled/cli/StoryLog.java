package io.dogsled.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The log of a story as its processes wrote it, whole, for {@code dogsled replay}; without a file nothing is kept. Any thread. */
final class StoryLog implements AutoCloseable {
    private final @Nullable BufferedWriter out;
    private @Nullable IOException failure;

    private StoryLog(@Nullable BufferedWriter out) {
        this.out = out;
    }

    /** @throws IllegalArgumentException with a sentence, if it cannot be written */
    static StoryLog in(@Nullable Path file) {
        try {
            return new StoryLog(file == null ? null : Files.newBufferedWriter(file));
        } catch (IOException e) {
            throw new IllegalArgumentException("--log: the file " + file + " cannot be written.", e);
        }
    }

    /** Flushed at once: somebody may press Ctrl-C. */
    synchronized void line(String text) {
        if (out == null || failure != null) {
            return;
        }
        try {
            out.write(text);
            out.write('\n');
            out.flush();
        } catch (IOException e) {
            failure = e;
        }
    }

    /** @throws IOException with a sentence, if a line is missing */
    @Override
    public synchronized void close() throws IOException {
        if (out != null) {
            out.close();
        }
        if (failure != null) {
            throw new IOException("The file of --log could not be written to its end.", failure);
        }
    }
}
