package io.dogsled.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Finds dead letter lines in whatever a log was exported to. It looks for the marker and for nothing else of the format, so
 * time stamps, tabs, JSON around it and lines of others between the parts do not matter:
 *
 * <pre>
 * DOGSLED deadletter {"id":"…"}                                     a line of the log
 * 2026-11-21T22:14:07.001Z DOGSLED deadletter {"id":"…"}            aws logs tail, an export to S3
 * "message": "DOGSLED deadletter {\"id\":\"…\"}\n",                 aws logs filter-log-events, a subscription
 * 1763763247001,"DOGSLED deadletter {""id"":""…""}"                 a CSV file of the console
 * </pre>
 *
 * <p>An object ends at the first brace, since nothing in it contains one. One thread; reads the stream once, in pieces.
 */
final class ReplayScanner {
    private static final byte[] MARKER = "DOGSLED deadletter {".getBytes(StandardCharsets.US_ASCII);

    /** So much of the marker is a dead letter's even if the line ends there. */
    private static final int WORDS = "DOGSLED deadletter".length();

    /** The only beginning of the marker that ends as it begins: with one {@code D}. */
    private static final int FALLS_TO_ONE = "DOGSLED".length();

    /** A line has 200 KB; escaping makes it a little longer. */
    private static final int MAX_OBJECT = 1 << 20;

    /** What was found. */
    interface Finder {
        void onPart(ReplayPart part);

        /** {@code line} from 1; {@code why} is a part of a sentence. */
        void onDamaged(long line, String why);
    }

    private final Finder finder;
    private final ByteArrayOutputStream object = new ByteArrayOutputStream();
    private boolean inside;
    private int matched;
    private long line = 1;

    ReplayScanner(Finder finder) {
        this.finder = finder;
    }

    /** Reads to the end; what was found before an exception was found. */
    void scan(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    onByte(buffer[i]);
                }
            }
        } finally {
            if (inside) {
                damaged("it is cut off");
            } else if (matched >= WORDS) {
                damaged("nothing follows the words");
            }
        }
    }

    private void onByte(byte b) {
        if (inside) {
            onObjectByte(b);
        }
        // a marker may begin inside of a line that was cut off
        match(b);
        if (matched == MARKER.length) {
            if (inside) {
                damaged("it is cut off by another");
            }
            matched = 0;
            inside = true;
            object.reset();
            object.write('{');
        }
        if (b == '\n') {
            line++;
        }
    }

    private void match(byte b) {
        if (matched >= WORDS && (b == '\n' || b == '\r')) {
            damaged("nothing follows the words");
        }
        while (matched > 0 && b != MARKER[matched]) {
            matched = matched == FALLS_TO_ONE ? 1 : 0;
        }
        matched = b == MARKER[matched] ? matched + 1 : 0;
    }

    private void onObjectByte(byte b) {
        object.write(b);
        if (b == '}') {
            inside = false;
            read(object.toString(StandardCharsets.UTF_8));
        } else if (b == '\n') {
            damaged("it is cut off");
        } else if (object.size() > MAX_OBJECT) {
            damaged("it has no end");
        }
    }

    private void read(String found) {
        try {
            finder.onPart(ReplayPart.parse(plain(found)));
        } catch (IllegalArgumentException e) {
            damaged(String.valueOf(e.getMessage()));
        }
    }

    private void damaged(String why) {
        inside = false;
        finder.onDamaged(line, why);
    }

    /** As it was written, however often it was escaped since. */
    private static String plain(String found) {
        String text = found;
        while (text.startsWith("{\\")) {
            text = unescaped(text);
        }
        return text.startsWith("{\"\"") ? text.replace("\"\"", "\"") : text;
    }

    /** One level of JSON's escapes less. */
    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\' || i + 1 == text.length()) {
                plain.append(c);
            } else if (text.charAt(i + 1) == 'u' && i + 6 <= text.length()) {
                plain.append((char) hex(text.substring(i + 2, i + 6)));
                i += 5;
            } else {
                i++;
                plain.append(text.charAt(i));
            }
        }
        return plain.toString();
    }

    private static int hex(String digits) {
        try {
            return Integer.parseInt(digits, 16);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        }
    }
}
