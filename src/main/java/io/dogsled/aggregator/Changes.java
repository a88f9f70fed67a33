package io.dogsled.aggregator;

import java.util.Arrays;

/** The cells that changed since the last flush, each once, in the order of their first change. */
final class Changes {
    private Cell[] cells = new Cell[16];
    private int size;

    void add(Cell cell) {
        if (size == cells.length) {
            cells = Arrays.copyOf(cells, size * 2);
        }
        cells[size++] = cell;
    }

    int size() {
        return size;
    }

    Cell get(int index) {
        return cells[index];
    }
}
