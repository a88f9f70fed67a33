package io.dogsled.forwarder;

import io.dogsled.base.Log;
import io.dogsled.base.OncePerMinute;
import io.dogsled.config.Config;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * The key in a file, {@code DD_API_KEY_FILE}: read when the first data is to be sent, and again after a 403, at most once a
 * minute (rulings.md 9). While there has never been a key it is looked for with every flush, because what waits for it is
 * lost when the sandbox ends; the line about it comes once a minute. A key that was read stays until there is another, so
 * a file that is away or half-written while it is renewed costs nothing.
 */
final class FileKey implements ApiKeySource {
    /** More than any key; a file that is longer is another file. */
    private static final int MAX_BYTES = 4 << 10;

    private final File file;
    private final Log log;
    private final OncePerMinute reading = new OncePerMinute();
    private final OncePerMinute lines = new OncePerMinute();
    private volatile String key = "";

    /** {@code path}: from {@code /} on; the file need not be there yet. */
    FileKey(String path, Log log) {
        this.file = new File(path);
        this.log = log;
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public boolean canChange() {
        return true;
    }

    @Override
    public synchronized boolean refresh(long nowMs) {
        boolean due = reading.isDue(nowMs);
        if (!due && !key.isEmpty()) {
            return false;
        }
        String found;
        try {
            found = read();
        } catch (IOException unusable) {
            complain(String.valueOf(unusable.getMessage()), nowMs);
            return false;
        }
        if (!Config.Intake.isKey(found)) {
            complain(
                    found.isEmpty() ? "it is empty" : "it is no key of visible ASCII characters without quotes", nowMs);
            return false;
        }
        boolean changed = !found.equals(key);
        key = found;
        return changed;
    }

    /** Blocks as long as a regular file does; anything else, such as a FIFO, might never end. */
    private String read() throws IOException {
        if (!file.isFile()) {
            throw new IOException(file.exists() ? "it is no regular file" : "it is not there, or not to be reached");
        }
        try (InputStream in = new FileInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is longer than " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1).strip();
        }
    }

    private void complain(String why, long nowMs) {
        if (lines.isDue(nowMs)) {
            log.warn(
                    "DD_API_KEY_FILE is \"" + file.getPath() + "\", which cannot be used (" + why + "); "
                            + (key.isEmpty()
                                    ? "nothing is sent, metrics are held, and it is read again with the next flush"
                                    : "the key read before stays, and it is read again after the next 403, at most once a minute"));
        }
    }
}
