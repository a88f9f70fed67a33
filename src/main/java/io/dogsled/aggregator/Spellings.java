package io.dogsled.aggregator;

import io.dogsled.metrics.Sample;
import org.jspecify.annotations.Nullable;

/**
 * From the raw bytes of a line to its slot: open addressing with linear probing, at most half full. Only a line never seen
 * before has to be decoded, enriched and sorted; a line seen before allocates nothing, and is found in some 25 ns.
 *
 * <p>Whoever chooses tags can choose them so that their hashes are equal ({@link io.dogsled.metrics.LineHash}). So no line
 * looks further than {@value #MOST_PROBES} places, which a chance crowd does not fill; where those are taken, a new spelling
 * replaces the one at its home. The worst that can be done is that such lines are learned again each time.
 *
 * <p>Bounded: at the limit everything is forgotten at once and learned again, which costs a microsecond a line and loses
 * nothing, since the contexts stay.
 */
final class Spellings {
    private static final int SMALLEST = 64;
    private static final int MOST_PROBES = 48;

    private final int limit;
    private @Nullable Spelling[] table = new Spelling[SMALLEST];
    private int size;

    Spellings(int limit) {
        this.limit = limit;
    }

    int size() {
        return size;
    }

    /** How many places there are to {@link #sweep}. */
    int places() {
        return table.length;
    }

    /** The spelling of that sample, or null. */
    @Nullable
    Spelling find(Sample sample) {
        int hash = sample.hash;
        int mask = table.length - 1;
        int at = hash & mask;
        Spelling candidate = table[at];
        int probes = 1;
        while (candidate != null && !(candidate.hash == hash && candidate.matches(sample))) {
            if (probes++ == MOST_PROBES) {
                return null;
            }
            at = (at + 1) & mask;
            candidate = table[at];
        }
        return candidate;
    }

    /** Forgets all of them. */
    void forget() {
        table = new Spelling[SMALLEST];
        size = 0;
    }

    /** Remembers a spelling that is not there. */
    void add(Spelling spelling) {
        if (size == limit) {
            forget();
        } else if (size * 2 >= table.length) {
            grow();
        }
        put(spelling);
    }

    /** Forgets the spellings of expired slots among some of the places. */
    void sweep(int from, int to) {
        int at = from;
        while (at < Math.min(to, table.length)) {
            Spelling spelling = table[at];
            if (spelling != null && spelling.slot.isExpired()) {
                remove(at);
            } else {
                at++;
            }
        }
    }

    private void put(Spelling spelling) {
        int mask = table.length - 1;
        int home = spelling.hash & mask;
        for (int probe = 0; probe < MOST_PROBES; probe++) {
            int at = (home + probe) & mask;
            if (table[at] == null) {
                table[at] = spelling;
                size++;
                return;
            }
        }
        table[home] = spelling;
    }

    /** Empties a place and moves up what was pushed behind it. */
    private void remove(int place) {
        int mask = table.length - 1;
        int hole = place;
        int at = (hole + 1) & mask;
        Spelling next = table[at];
        while (next != null) {
            int home = next.hash & mask;
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                table[hole] = next;
                hole = at;
            }
            at = (at + 1) & mask;
            next = table[at];
        }
        table[hole] = null;
        size--;
    }

    private void grow() {
        @Nullable Spelling[] old = table;
        table = new Spelling[old.length * 2];
        size = 0;
        for (Spelling spelling : old) {
            if (spelling != null && !spelling.slot.isExpired()) {
                put(spelling);
            }
        }
    }
}
