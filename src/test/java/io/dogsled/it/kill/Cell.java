package io.dogsled.it.kill;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One cell of the matrix: what happens to the engine, and in which state. */
record Cell(Blow blow, State state) {
    /** Where the engine is when it happens. */
    enum State {
        STARTING,
        BETWEEN_EVENTS,
        MID_INVOCATION,
        MID_FLUSH,
        DURING_SHUTDOWN
    }

    /** Those that differ for the launcher: the rest of the product goes the same ways, and is played in {@code make nightly}. */
    private static final Set<Blow> STRUCK_IN_EVERY_STATE = EnumSet.of(Blow.KILL, Blow.STOP);

    private static final Set<Cell> CHOSEN = Set.of(
            new Cell(Blow.SEGV, State.MID_FLUSH),
            new Cell(Blow.OUT_OF_MEMORY, State.STARTING),
            new Cell(Blow.OUT_OF_MEMORY, State.MID_INVOCATION),
            new Cell(Blow.RANDOM, State.BETWEEN_EVENTS),
            new Cell(Blow.OVERSIZE, State.MID_INVOCATION),
            new Cell(Blow.ZERO, State.DURING_SHUTDOWN),
            new Cell(Blow.ENDLESS, State.MID_INVOCATION),
            new Cell(Blow.ENDLESS, State.MID_FLUSH),
            new Cell(Blow.DEADLOCK, State.MID_FLUSH),
            new Cell(Blow.SILENT, State.STARTING),
            new Cell(Blow.SILENT, State.BETWEEN_EVENTS),
            new Cell(Blow.DEAF, State.MID_INVOCATION),
            new Cell(Blow.DEADLOCK, State.DURING_SHUTDOWN),
            new Cell(Blow.SPIRAL, State.MID_INVOCATION));

    /** Every cell, or with {@code all} false what {@code make test} has time for. */
    static List<Cell> matrix(boolean all) {
        List<Cell> cells = new ArrayList<>();
        for (Blow blow : Blow.values()) {
            for (State state : State.values()) {
                Cell cell = new Cell(blow, state);
                if (blow.isOfTheLayer() ? state == State.STARTING : all || cell.isChosen()) {
                    cells.add(cell);
                }
            }
        }
        return cells;
    }

    private boolean isChosen() {
        return STRUCK_IN_EVERY_STATE.contains(blow) || CHOSEN.contains(this);
    }

    @Override
    public String toString() {
        return blow + ", " + state.toString().replace('_', ' ').toLowerCase(java.util.Locale.ROOT);
    }
}
