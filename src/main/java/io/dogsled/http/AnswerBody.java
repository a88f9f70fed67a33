package io.dogsled.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads the body of an answer to its end, so that the connection can be used again, and keeps its beginning for a log line.
 * A body that is larger than anybody needs is not read to the end; the connection is then given up instead.
 *
 * <pre>
 * no body          1xx, 204, 304
 * chunked          "1a;ext" CRLF  26 bytes CRLF  …  "0" CRLF  trailers CRLF
 * of known length  Content-Length: 15
 * else             until the peer closes
 * </pre>
 */
final class AnswerBody {
    static final int KEPT_BYTES = 4 * 1024;

    /** Beyond it a new connection is cheaper than reading on. */
    static final long READ_BYTES = 256 * 1024;

    private static final int LINE_BYTES = 1024;

    private final AnswerInput in;
    private final byte[] skipped = new byte[1024];
    private byte[] kept = new byte[0];
    private long readBytes;
    private boolean complete;

    AnswerBody(AnswerInput in) {
        this.in = in;
    }

    /** Reads it; afterwards {@link #complete} says whether its end was found. */
    void read(int status, List<Header> headers) throws IOException {
        if (status == 204 || status == 304) {
            complete = true;
        } else if (isChunked(headers)) {
            readChunks();
        } else {
            String length = HttpResponse.valueOf(headers, "Content-Length");
            if (length.isEmpty()) {
                skip(Long.MAX_VALUE);
            } else {
                complete = skip(number(length, 10));
            }
        }
    }

    /** Whether the end of the body was found on a connection that is still open. */
    boolean complete() {
        return complete;
    }

    byte[] kept() {
        return kept;
    }

    private static boolean isChunked(List<Header> headers) {
        String coding = HttpResponse.valueOf(headers, "Transfer-Encoding");
        return coding.toLowerCase(Locale.ROOT).endsWith("chunked");
    }

    private void readChunks() throws IOException {
        while (true) {
            long size = number(sizeField(in.line(LINE_BYTES)), 16);
            if (size == 0) {
                break;
            }
            if (!skip(size)) {
                return;
            }
            if (!in.line(LINE_BYTES).isEmpty()) {
                throw new IOException("a chunk does not end where it says");
            }
        }
        while (!in.line(LINE_BYTES).isEmpty()) {
            readBytes += LINE_BYTES;
            if (readBytes > READ_BYTES) {
                return;
            }
        }
        complete = true;
    }

    private static String sizeField(String line) {
        int end = line.indexOf(';');
        return (end < 0 ? line : line.substring(0, end)).trim();
    }

    /** Reads {@code bytes}; false if there are more than anybody needs, or the connection ends within them. */
    private boolean skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            int count = in.read(skipped, 0, (int) Math.min(left, skipped.length));
            if (count < 0) {
                return false;
            }
            keep(count);
            left -= count;
            readBytes += count;
            if (readBytes > READ_BYTES) {
                return false;
            }
        }
        return true;
    }

    private void keep(int count) {
        int more = Math.min(count, KEPT_BYTES - kept.length);
        if (more > 0) {
            int old = kept.length;
            kept = Arrays.copyOf(kept, old + more);
            System.arraycopy(skipped, 0, kept, old, more);
        }
    }

    private static long number(String text, int radix) throws IOException {
        if (text.isEmpty() || text.length() > 15) {
            throw new IOException("a length in the answer is not a number");
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), radix);
            if (digit < 0) {
                throw new IOException("a length in the answer is not a number");
            }
            value = value * radix + digit;
        }
        return value;
    }
}
