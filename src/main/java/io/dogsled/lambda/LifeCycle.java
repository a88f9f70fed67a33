package io.dogsled.lambda;

/**
 * Where the engine is. {@link #mayBecome} is the table of legal moves; anything else is a mistake of ours and throws.
 *
 * <pre>
 * STARTING ──► IDLE ◄──► INVOKING ──► FLUSHING ──► IDLE      FLUSHING also beside an invocation: back to INVOKING
 *     └─────────┴───────────┴────────────┴───► SHUTTING_DOWN
 * </pre>
 */
enum LifeCycle {
    /** No event yet. */
    STARTING,

    /** No invocation that we know of. */
    IDLE,

    /** A function runs, or may run. */
    INVOKING,

    /** The loop waits for a flush. */
    FLUSHING,

    /** The last event has come. */
    SHUTTING_DOWN;

    boolean mayBecome(LifeCycle next) {
        return switch (this) {
            case STARTING -> next != STARTING;
            case IDLE -> next == INVOKING || next == FLUSHING || next == SHUTTING_DOWN;
            case INVOKING -> next == IDLE || next == FLUSHING || next == SHUTTING_DOWN;
            case FLUSHING -> next == IDLE || next == INVOKING || next == SHUTTING_DOWN;
            case SHUTTING_DOWN -> false;
        };
    }

    /** The next state, if it may be. */
    LifeCycle to(LifeCycle next) {
        if (!mayBecome(next)) {
            throw new IllegalStateException(this + " must not become " + next);
        }
        return next;
    }
}
