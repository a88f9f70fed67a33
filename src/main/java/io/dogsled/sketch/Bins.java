package io.dogsled.sketch;

import java.util.Arrays;

/**
 * The bins of a sketch: keys with counts, ascending by key (protocol.md §3.4; Agent: pkg/util/quantile/store.go, bin.go).
 *
 * <p>A count fits 16 bits. What exceeds them goes into further bins of the same key: the remainder first, full ones behind
 * it, so the first bin of a key is always the one with room. Past the limit the lowest bins are folded into the lowest one
 * that stays; bins that fill up on the way stay in front of it, so that the list may be longer than the limit by as many.
 *
 * <p>Both columns are arrays of 16-bit numbers: four bytes a bin. Adding to a bin that exists allocates nothing.
 */
final class Bins {
    /** The most one bin counts. */
    static final int FULL = 65_535;

    private static final short[] NONE = new short[0];

    private short[] keys = NONE;
    private short[] counts = NONE;
    private int size;

    int size() {
        return size;
    }

    /** Heap the columns take. */
    int bytes() {
        return keys.length * 2 + counts.length * 2;
    }

    int key(int index) {
        return keys[index];
    }

    int count(int index) {
        return counts[index] & 0xFFFF;
    }

    /** Adds {@code n} values to a key. The caller trims. */
    void add(int key, long n) {
        int at = firstAtLeast(key);
        boolean exists = at < size && keys[at] == key;
        put(at, exists ? 1 : 0, key, exists ? n + count(at) : n);
    }

    /** Adds all bins of another list: those of one key are joined pairwise, as the Agent does it. The caller trims. */
    void addAll(Bins other) {
        Bins sum = new Bins();
        sum.reserve(size + other.size);
        int mine = 0;
        for (int theirs = 0; theirs < other.size; theirs++) {
            int key = other.keys[theirs];
            while (mine < size && keys[mine] < key) {
                sum.put(sum.size, 0, keys[mine], count(mine++));
            }
            boolean both = mine < size && keys[mine] == key;
            sum.put(sum.size, 0, key, both ? other.count(theirs) + count(mine++) : other.count(theirs));
        }
        while (mine < size) {
            sum.put(sum.size, 0, keys[mine], count(mine++));
        }
        keys = sum.keys;
        counts = sum.counts;
        size = sum.size;
    }

    /** Folds the lowest bins together until {@code limit} are left, and those that had to be added because bins are full. */
    void trimLeft(int limit) {
        if (size <= limit) {
            return;
        }
        int removed = size - limit;
        Bins kept = new Bins();
        kept.reserve(limit + removed);
        long missing = 0;
        for (int i = 0; i < removed; i++) {
            missing += count(i);
            if (missing > FULL) {
                kept.put(kept.size, 0, keys[i], FULL);
                missing -= FULL;
            }
        }
        long lowest = missing + count(removed);
        if (lowest > FULL) {
            kept.put(kept.size, 0, keys[removed], lowest - FULL);
        }
        kept.put(kept.size, 0, keys[removed], Math.min(lowest, FULL));
        kept.append(this, removed + 1);
        keys = kept.keys;
        counts = kept.counts;
        size = kept.size;
    }

    Bins copy() {
        Bins copy = new Bins();
        copy.keys = Arrays.copyOf(keys, size);
        copy.counts = Arrays.copyOf(counts, size);
        copy.size = size;
        return copy;
    }

    /** Gives back memory that is not used. */
    void compact() {
        if (keys.length > size) {
            keys = Arrays.copyOf(keys, size);
            counts = Arrays.copyOf(counts, size);
        }
    }

    /** Puts {@code total} values of a key at an index, in place of the {@code replaced} bins that are there. */
    private void put(int at, int replaced, int key, long total) {
        int needed = (int) ((total + FULL - 1) / FULL);
        if (needed != replaced) {
            makeRoom(at + replaced, needed - replaced);
        }
        long remainder = total - (needed - 1L) * FULL;
        for (int i = at; i < at + needed; i++) {
            keys[i] = (short) key;
            counts[i] = (short) (i == at ? remainder : FULL);
        }
    }

    private void makeRoom(int at, int room) {
        reserve(size + room);
        System.arraycopy(keys, at, keys, at + room, size - at);
        System.arraycopy(counts, at, counts, at + room, size - at);
        size += room;
    }

    private void reserve(int capacity) {
        if (capacity > keys.length) {
            int grown = Math.max(capacity, Math.max(8, keys.length + (keys.length >> 1)));
            keys = Arrays.copyOf(keys, grown);
            counts = Arrays.copyOf(counts, grown);
        }
    }

    /** Puts the bins of another list behind these, from an index on, as they are. */
    void append(Bins from, int start) {
        int length = from.size - start;
        reserve(size + length);
        System.arraycopy(from.keys, start, keys, size, length);
        System.arraycopy(from.counts, start, counts, size, length);
        size += length;
    }

    private int firstAtLeast(int key) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] < key) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
