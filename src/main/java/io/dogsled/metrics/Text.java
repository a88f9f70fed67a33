package io.dogsled.metrics;

import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * An immutable run of bytes as a client sent it, almost always UTF-8. Names and tags stay bytes from the socket to the
 * payload: nothing is decoded on the way, so bytes that are not UTF-8 survive (protocol.md §1.2).
 */
public final class Text implements Comparable<Text> {
    /** By its name: {@code StandardCharsets} loads eight others, and this class is needed before {@code ready}. */
    private static final Charset UTF_8 = Charset.forName("UTF-8");

    /** No bytes. */
    public static final Text EMPTY = new Text(new byte[0]);

    private final byte[] bytes;
    private final int hash;

    private Text(byte[] bytes) {
        this.bytes = bytes;
        this.hash = Arrays.hashCode(bytes);
    }

    /** A copy of {@code buffer[from, to)}. */
    public static Text copyOf(byte[] buffer, int from, int to) {
        return from == to ? EMPTY : new Text(Arrays.copyOfRange(buffer, from, to));
    }

    /** The UTF-8 bytes of a string. */
    public static Text of(String string) {
        return string.isEmpty() ? EMPTY : new Text(string.getBytes(UTF_8));
    }

    /** This text with another behind it. */
    public Text plus(Text suffix) {
        byte[] joined = Arrays.copyOf(bytes, bytes.length + suffix.bytes.length);
        System.arraycopy(suffix.bytes, 0, joined, bytes.length, suffix.bytes.length);
        return new Text(joined);
    }

    /** The bytes themselves, not a copy: for encoders, which only read. */
    public byte[] bytes() {
        return bytes;
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether it begins with all of {@code prefix}. */
    public boolean startsWith(Text prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /** By unsigned bytes, which for UTF-8 is by code point. */
    @Override
    public int compareTo(Text other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Text text && hash == text.hash && Arrays.equals(bytes, text.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** Decoded as UTF-8; malformed bytes become U+FFFD. */
    @Override
    public String toString() {
        return new String(bytes, UTF_8);
    }
}
