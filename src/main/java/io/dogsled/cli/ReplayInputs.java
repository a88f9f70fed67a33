package io.dogsled.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** What a log was exported to: files, folders of files such as an export to S3, or stdin; gzip is seen by its first bytes. */
final class ReplayInputs {
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    /** Told about each file, in order. */
    interface Receiver {
        void read(String name, InputStream in) throws IOException;
    }

    private ReplayInputs() {}

    /**
     * The files in a stable order.
     *
     * @throws IOException if one of them does not exist, with a sentence
     */
    static List<Path> files(List<Path> named) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : named) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> all = Files.walk(path)) {
                    all.filter(Files::isRegularFile).sorted().forEach(files::add);
                }
            } else if (Files.isReadable(path)) {
                files.add(path);
            } else {
                throw new IOException("The file " + path + " cannot be read.");
            }
        }
        return files;
    }

    static void read(Path file, Receiver reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            read(file.toString(), in, reader);
        }
    }

    static void read(String name, InputStream in, Receiver reader) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
        buffered.reset();
        reader.read(name, gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered);
    }

    /** The same, or what PowerShell makes of it, UTF-16 with a byte order mark, as ASCII: letters hold nothing else. */
    static InputStream ascii(InputStream in) throws IOException {
        // no buffer: it would lose what stands before the end of a gzip file that is cut off
        PushbackInputStream again = new PushbackInputStream(in, 2);
        int first = again.read();
        int second = first < 0 ? -1 : again.read();
        if (second >= 0) {
            again.unread(second);
        }
        if (first >= 0) {
            again.unread(first);
        }
        boolean wide = (first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff);
        return wide ? new Narrow(new InputStreamReader(again, StandardCharsets.UTF_16)) : again;
    }

    /** One byte a character. */
    private static final class Narrow extends InputStream {
        private final Reader in;

        Narrow(Reader in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int c = in.read();
            return c < 0x80 ? c : '?';
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            for (int n = 0; n < length; n++) {
                int b = read();
                if (b < 0) {
                    return n == 0 ? -1 : n;
                }
                bytes[offset + n] = (byte) b;
            }
            return length;
        }
    }
}
