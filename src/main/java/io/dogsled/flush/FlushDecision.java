package io.dogsled.flush;

/**
 * What to do at a moment, and why. All there are stand in {@link FlushPolicy} as constants, so a decision allocates nothing.
 *
 * @param hold whether the invocation that begins is held until its end is announced; false at any other moment
 * @param reason goes into one debug line
 */
public record FlushDecision(Action action, boolean hold, String reason) {
    /** Before there is anything to decide. */
    public static final FlushDecision NOTHING = of(Action.NONE, "nothing has happened");

    /** From nothing to waiting; each includes that the function goes on at the deadline at the latest. */
    public enum Action {
        /** Nothing. */
        NONE,
        /** Open a connection ahead, in the background. */
        PREPARE,
        /** Have what the forwarder keeps attempted, in the background; an endpoint whose breaker is open probes at most. */
        BEGIN,
        /** Drain, swap, hand over, begin, and return: nobody waits for the intake. */
        SEND,
        /** The same, and wait until the request is on its way; its answer is read when the sandbox runs again. */
        WAIT_BRIEFLY,
        /** The same, and wait for the answer until the budget is spent. */
        WAIT
    }

    static FlushDecision held(Action action, String reason) {
        return new FlushDecision(action, true, reason);
    }

    static FlushDecision of(Action action, String reason) {
        return new FlushDecision(action, false, reason);
    }
}
