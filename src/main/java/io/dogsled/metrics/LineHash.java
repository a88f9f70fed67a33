package io.dogsled.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The hash of all that names a context in a line: the raw bytes of name and tags, the type, and whether there was a {@code card:}
 * option. The parser computes it while it looks for the ends of name and tags, eight bytes at a time, so that no byte is looked at
 * twice; {@link #of} computes the same in a second pass.
 *
 * <p>A run of bytes is cut into words of eight, the first byte lowest, and what is left over, nothing too, is one more word with zeros
 * above. Each word is mixed in by an exclusive or, a multiplication, which carries upwards, and a shift that brings the upper bits
 * down again: under C1 2 ns a word, search included. It is made for speed, not against an enemy: whoever writes the datagrams is the
 * function itself, but what it puts into tags may come from outside. So equal hashes prove nothing, the bytes are always compared,
 * and the table that uses them looks at a bounded number of places.
 */
public final class LineHash {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private LineHash() {}

    /** {@code buffer[at, at + 8)} as one number, the first byte lowest. */
    public static long word(byte[] buffer, int at) {
        return (long) EIGHT_BYTES.get(buffer, at);
    }

    /** The hash of what came before, and one word more. */
    public static long mix(long hash, long word) {
        long product = (hash ^ word) * MULTIPLIER;
        return product ^ (product >>> 29);
    }

    /** The hash of what came before, and of {@code buffer[from, to)}. */
    public static long mixAll(long hash, byte[] buffer, int from, int to) {
        long mixed = hash;
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            mixed = mix(mixed, word(buffer, at));
        }
        long rest = 0;
        for (int last = to - 1; last >= at; last--) {
            rest = rest << 8 | (buffer[last] & 0xFF);
        }
        return mix(mixed, rest);
    }

    /** The hash of a line: 0, its name and its tags mixed in, becomes this. */
    public static int finish(long hash, MetricType type, boolean hasCardinality) {
        long product = mix(hash, type.ordinal() * 2 + (hasCardinality ? 1 : 0)) * MULTIPLIER;
        return (int) (product >>> 32);
    }

    /** The hash of a line whose parts are known. */
    public static int of(Sample sample) {
        long name = mixAll(0, sample.buffer, sample.nameStart, sample.nameEnd);
        long tags = mixAll(name, sample.buffer, sample.tagsStart, sample.tagsEnd);
        return finish(tags, sample.type, sample.hasCardinality);
    }
}
