package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import java.util.Arrays;

/**
 * A context's place in the aggregator: its cells by second, nearly always one or two of them. The one used last is found
 * without a search.
 */
final class Slot {
    private static final Cell[] NO_CELLS = new Cell[0];

    /** Stands for: no cell. */
    static final Cell NO_CELL = new GaugeCell(Enricher.BLOCKED, Long.MIN_VALUE);

    /** The slot of names that go no further. */
    static final Slot BLOCKED = new Slot(Enricher.BLOCKED, HistogramOutput.NONE);

    final Context context;
    final HistogramOutput output;

    /** Wall clock of the last sample, seconds. */
    long seenS;

    /** Whether a client gave the time of a sample once: more for the same second may come much later. */
    boolean timestamped;

    private boolean expired;
    private Cell current = NO_CELL;
    private Cell[] cells = NO_CELLS;
    private int size;

    Slot(Context context, HistogramOutput output) {
        this.context = context;
        this.output = output;
    }

    /** The cell of a second; {@link #NO_CELL} if there is none. */
    Cell cell(long startS) {
        if (current.startS == startS) {
            return current;
        }
        int at = firstAtLeast(startS);
        if (at == size || cells[at].startS != startS) {
            return NO_CELL;
        }
        current = cells[at];
        return current;
    }

    /** Takes a cell in, of a second that has none. */
    void put(Cell cell) {
        int at = firstAtLeast(cell.startS);
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, size == 0 ? 1 : size * 2);
        }
        System.arraycopy(cells, at, cells, at + 1, size - at);
        cells[at] = cell;
        size++;
        current = cell;
    }

    /** The last cell before a second, or else the first behind it; {@link #NO_CELL} if there is none at all. */
    Cell nearest(long startS) {
        int at = firstAtLeast(startS);
        return size == 0 ? NO_CELL : cells[Math.max(0, at - 1)];
    }

    /**
     * Drops the cells that are done, gives back what they took, and returns how many.
     *
     * @param keepS how long a second is remembered that a client may name once more
     */
    int dropDone(long nowS, long keepS, Room room) {
        long lateS = timestamped ? keepS : Aggregator.IDLE_S;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (cells[i].isDone(nowS, lateS)) {
                room.give(Cell.BYTES + cells[i].extraBytes());
            } else {
                cells[kept++] = cells[i];
            }
        }
        int dropped = size - kept;
        if (dropped > 0) {
            cells = kept == 0 ? NO_CELLS : Arrays.copyOf(cells, kept);
            size = kept;
            current = NO_CELL;
        }
        return dropped;
    }

    /** Marks it as forgotten if it holds nothing and was not seen for {@link Aggregator#IDLE_S}. */
    boolean expire(long nowS) {
        expired = size == 0 && Math.abs(nowS - seenS) >= Aggregator.IDLE_S;
        return expired;
    }

    /** Whether the context was forgotten: a spelling that still leads here has to be learned again. */
    boolean isExpired() {
        return expired;
    }

    private int firstAtLeast(long startS) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cells[middle].startS < startS) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
