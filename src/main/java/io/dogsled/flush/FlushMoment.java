package io.dogsled.flush;

/** The moments at which a flush is considered. */
public enum FlushMoment {
    /** An invocation begins. */
    INVOKE,
    /** The function has answered: {@code platform.runtimeDone}, or, where no such word comes, data has been quiet. */
    RUNTIME_DONE,
    /** A tick that was asked for has come. */
    TICK,
    /** Somebody asked for it at the control endpoint. */
    CONTROL,
    /** The sandbox ends. */
    SHUTDOWN
}
