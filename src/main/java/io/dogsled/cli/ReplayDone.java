package io.dogsled.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ids of the letters that were delivered, one a line, in a file that outlives the run; without a file only for this run. */
final class ReplayDone {
    private final @Nullable Path file;
    private final Set<String> ids = new HashSet<>();

    private ReplayDone(@Nullable Path file) {
        this.file = file;
    }

    static ReplayDone none() {
        return new ReplayDone(null);
    }

    /**
     * Reads the file, or creates it: that it cannot be written is known before anything is sent.
     *
     * @throws IOException with a sentence
     */
    static ReplayDone in(Path file) throws IOException {
        ReplayDone done = new ReplayDone(file);
        try {
            if (Files.exists(file)) {
                Files.readString(file).lines().map(String::strip).forEach(done.ids::add);
            }
            Files.writeString(file, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IOException("The file " + file + " of --done cannot be used.", e);
        }
        return done;
    }

    boolean contains(String id) {
        return ids.contains(id);
    }

    /** At once, since the next request may be the one in which somebody presses Ctrl-C. */
    void add(String id) throws IOException {
        ids.add(id);
        if (file != null) {
            Files.writeString(file, id + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        }
    }
}
