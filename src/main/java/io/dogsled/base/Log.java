package io.dogsled.base;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines for a person in CloudWatch at night: what happened, what we did, what to set. One line each, quiet by default,
 * never a secret. Until {@link #engineReady()} the lines are written to stderr directly, because the first use of slf4j
 * costs 11 to 28 ms (style.md §3); afterwards they go through slf4j-simple. Any thread.
 */
public final class Log {
    /** How much is said. */
    public enum Level {
        DEBUG,
        INFO,
        WARN,
        ERROR,
        OFF
    }

    private final Level threshold;
    private volatile boolean ready;

    /** Writes lines of {@code threshold} and above. */
    public Log(Level threshold) {
        this.threshold = threshold;
    }

    /** From now on lines may go through slf4j. */
    public void engineReady() {
        ready = true;
    }

    /** Whether debug lines are written, for callers that would have to build an expensive text. */
    public boolean isDebug() {
        return threshold == Level.DEBUG;
    }

    public void debug(String line) {
        write(Level.DEBUG, line);
    }

    public void info(String line) {
        write(Level.INFO, line);
    }

    public void warn(String line) {
        write(Level.WARN, line);
    }

    public void error(String line) {
        write(Level.ERROR, line);
    }

    /** Writes a line as it is, whatever the level: the ledger. */
    public void report(String line) {
        writeRaw(line);
    }

    /** stdout, for what a program reads out of the log later; a write blocks while nobody takes it. */
    public static OutputStream standardOutput() {
        return new FileOutputStream(FileDescriptor.out);
    }

    private void write(Level level, String line) {
        if (level.compareTo(threshold) < 0) {
            return;
        }
        if (ready) {
            Slf4j.write(level, line);
        } else {
            writeRaw("dogsled: " + line);
        }
    }

    private static void writeRaw(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        synchronized (System.err) {
            System.err.write(bytes, 0, bytes.length);
            System.err.flush();
        }
    }

    /** Holds the logger, so that slf4j loads with the first line after ready and not before. */
    private static final class Slf4j {
        private static final Logger LOGGER = create();

        private static Logger create() {
            System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
            System.setProperty("org.slf4j.simpleLogger.showThreadName", "false");
            System.setProperty("org.slf4j.simpleLogger.showLogName", "true");
            return LoggerFactory.getLogger("dogsled");
        }

        static void write(Level level, String line) {
            switch (level) {
                case DEBUG -> LOGGER.debug(line);
                case INFO -> LOGGER.info(line);
                case WARN -> LOGGER.warn(line);
                case ERROR -> LOGGER.error(line);
                case OFF -> {}
            }
        }
    }
}
