package io.dogsled.aggregator;

import java.util.Arrays;

/**
 * A set of byte strings, exact: open addressing, and the members one behind the other in one array. A member that is there
 * already allocates nothing; a new one takes its bytes, a length, and a place or two in the table.
 *
 * <pre>
 * text:  u32 length, bytes ; u32 length, bytes ; …
 * table: the offset of a member's length, plus one; 0 = free
 * </pre>
 */
final class Members {
    private static final int LENGTH = 4;
    private static final int ARRAY = 16;

    private int[] table = new int[8];
    private byte[] text = new byte[48];
    private int textSize;
    private int size;

    int size() {
        return size;
    }

    /** Heap it takes. */
    int bytes() {
        return table.length * 4 + text.length + 2 * ARRAY;
    }

    /** Adds a copy of {@code buffer[from, to)}; false if it is new and {@code room} has none for it. */
    boolean add(byte[] buffer, int from, int to, Room room) {
        int at = find(buffer, from, to);
        if (table[at] != 0) {
            return true;
        }
        if (!grow(to - from + LENGTH, room)) {
            return false;
        }
        table[find(buffer, from, to)] = textSize + 1;
        putLength(to - from);
        System.arraycopy(buffer, from, text, textSize, to - from);
        textSize += to - from;
        size++;
        return true;
    }

    /** Whether it is a member. */
    boolean contains(byte[] buffer, int from, int to) {
        return table[find(buffer, from, to)] != 0;
    }

    /** Adds every member to an estimate. */
    void addTo(HyperLogLog estimate) {
        int at = 0;
        while (at < textSize) {
            int from = at + LENGTH;
            int to = from + length(at);
            estimate.add(text, from, to);
            at = to;
        }
    }

    /** The place of a member, or the free one where it belongs. */
    private int find(byte[] buffer, int from, int to) {
        int mask = table.length - 1;
        int at = (int) HyperLogLog.hash(buffer, from, to) & mask;
        while (table[at] != 0 && !isAt(table[at] - 1, buffer, from, to)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private boolean isAt(int offset, byte[] buffer, int from, int to) {
        int start = offset + LENGTH;
        return length(offset) == to - from && Arrays.equals(text, start, start + to - from, buffer, from, to);
    }

    private boolean grow(int bytes, Room room) {
        boolean tableIsFull = (size + 1) * 3 > table.length * 2;
        boolean textIsFull = textSize + bytes > text.length;
        int newText = textIsFull ? Math.max(textSize + bytes, text.length * 3 / 2) : text.length;
        int more = newText - text.length + (tableIsFull ? table.length * 4 : 0);
        if (more > 0 && !room.take(more)) {
            return false;
        }
        if (textIsFull) {
            text = Arrays.copyOf(text, newText);
        }
        if (tableIsFull) {
            rehash(table.length * 2);
        }
        return true;
    }

    private void rehash(int places) {
        table = new int[places];
        int at = 0;
        while (at < textSize) {
            int end = at + LENGTH + length(at);
            table[find(text, at + LENGTH, end)] = at + 1;
            at = end;
        }
    }

    private int length(int at) {
        return (text[at] & 0xFF)
                | (text[at + 1] & 0xFF) << 8
                | (text[at + 2] & 0xFF) << 16
                | (text[at + 3] & 0xFF) << 24;
    }

    private void putLength(int length) {
        for (int i = 0; i < LENGTH; i++) {
            text[textSize++] = (byte) (length >>> (8 * i));
        }
    }
}
