package io.dogsled.serializer;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * The sink of an encoder: counts what comes in, compresses it on the way (a zlib stream, which is what the intake calls
 * deflate), and keeps only what goes out. Reused from payload to payload; one thread.
 */
final class Body extends OutputStream {
    /** Measured: docs/benchmarks.md, "Compression". */
    private static final int LEVEL = 1;

    private static final int CHUNK = 8_192;

    private final boolean compress;
    private final Deflater deflater;
    private byte[] out = new byte[CHUNK];
    private int size;
    private long plainBytes;

    Body(boolean compress) {
        this.compress = compress;
        this.deflater = new Deflater(LEVEL);
    }

    /** Begins anew. */
    void reset() {
        deflater.reset();
        size = 0;
        plainBytes = 0;
    }

    /** Ends the stream. */
    void finish() {
        if (compress) {
            deflater.finish();
            while (!deflater.finished()) {
                deflate();
            }
        }
    }

    /** What came in, in bytes. */
    long plainBytes() {
        return plainBytes;
    }

    /** What goes out, in bytes. */
    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(out, size);
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        plainBytes += length;
        if (!compress) {
            reserve(length);
            System.arraycopy(bytes, offset, out, size, length);
            size += length;
            return;
        }
        deflater.setInput(bytes, offset, length);
        while (!deflater.needsInput()) {
            deflate();
        }
    }

    @Override
    public void flush() throws IOException {
        // nothing is kept back but what the compressor needs
    }

    private void deflate() {
        reserve(CHUNK);
        size += deflater.deflate(out, size, out.length - size);
    }

    private void reserve(int length) {
        if (out.length - size < length) {
            out = Arrays.copyOf(out, Math.max(size + length, out.length * 2));
        }
    }
}
