package io.dogsled.testing;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The lines that were written to standard error meanwhile. Of the whole process: a test that uses it has {@code
 * @ResourceLock(Resources.SYSTEM_ERR)} and looks for its own lines among them.
 */
public final class StandardError {
    private StandardError() {}

    /** What a test does. */
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    /** The lines, in order. */
    public static List<String> during(Action action) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
