package io.dogsled.it.flush;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One cell of the matrix: what the intake does, when Dogsled flushes, and how many intakes there are. */
record Cell(Row row, Strategy strategy, Endpoints endpoints) {
    /** Rows in which a second endpoint is played in {@code make test} too. */
    private static final Set<Row> WITH_TWO =
            EnumSet.of(Row.LATENCY, Row.UNAVAILABLE, Row.BLACK_HOLE, Row.SLOW_AT_SHUTDOWN, Row.ONE_HANGS);

    /** Every cell; row 9 is about two endpoints, so there is none of it with one. */
    static List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        for (Row row : Row.values()) {
            for (Strategy strategy : Strategy.values()) {
                for (Endpoints endpoints : Endpoints.values()) {
                    if (row != Row.ONE_HANGS || endpoints != Endpoints.ONE) {
                        cells.add(new Cell(row, strategy, endpoints));
                    }
                }
            }
        }
        return cells;
    }

    /** What {@code make test} has time for: each row with one strategy after the other, some with two endpoints as well. */
    static List<Cell> chosen() {
        List<Cell> cells = new ArrayList<>();
        for (Row row : Row.values()) {
            if (row != Row.ONE_HANGS) {
                cells.add(new Cell(row, row.strategy(), Endpoints.ONE));
            }
            if (WITH_TWO.contains(row)) {
                boolean main = row.ordinal() % 2 == 0;
                cells.add(new Cell(row, next(row.strategy()), main ? Endpoints.MAIN_STRUCK : Endpoints.OTHER_STRUCK));
            }
        }
        return cells;
    }

    private static Strategy next(Strategy strategy) {
        Strategy[] all = Strategy.values();
        return all[(strategy.ordinal() + 1) % all.length];
    }

    /** {@code 2 unavailable, end,100, two, the main one struck}. */
    @Override
    public String toString() {
        return row + ", " + strategy.setting() + ", " + endpoints;
    }
}
