package io.dogsled.aggregator;

import java.util.Arrays;

/**
 * A set of byte strings, exact: open addressing over the strings themselves. A member that is there already allocates
 * nothing.
 */
final class Members {
    private static final byte[] EMPTY = new byte[0];

    private byte[][] table = new byte[8][];
    private int size;

    int size() {
        return size;
    }

    /** Adds a copy of {@code buffer[from, to)}; false if it is new and there are {@code limit} already. */
    boolean add(byte[] buffer, int from, int to, int limit) {
        int at = find(buffer, from, to);
        if (isMember(at)) {
            return true;
        }
        if (size == limit) {
            return false;
        }
        table[at] = from == to ? EMPTY : Arrays.copyOfRange(buffer, from, to);
        size++;
        if (size * 3 > table.length * 2) {
            grow();
        }
        return true;
    }

    @SuppressWarnings("NullAway") // an array of arrays begins with nulls
    private boolean isMember(int at) {
        return table[at] != null;
    }

    /** The place of a member, or the free one where it belongs. */
    private int find(byte[] buffer, int from, int to) {
        int mask = table.length - 1;
        int at = RawHash.of(0, buffer, from, to) & mask;
        while (isMember(at) && !Arrays.equals(table[at], 0, table[at].length, buffer, from, to)) {
            at = (at + 1) & mask;
        }
        return at;
    }

    private void grow() {
        byte[][] old = table;
        table = new byte[old.length * 2][];
        for (byte[] member : old) {
            if (member != null) {
                table[find(member, 0, member.length)] = member;
            }
        }
    }
}
