package io.dogsled.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
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
    interface Reader {
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

    static void read(Path file, Reader reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            read(file.toString(), in, reader);
        }
    }

    static void read(String name, InputStream in, Reader reader) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, 1 << 16);
        buffered.mark(2);
        boolean gzip = buffered.read() == GZIP_FIRST && buffered.read() == GZIP_SECOND;
        buffered.reset();
        reader.read(name, gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered);
    }
}
