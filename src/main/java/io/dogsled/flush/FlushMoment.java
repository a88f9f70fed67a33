package io.dogsled.flush;

/** The moments at which a flush is considered. */
public enum FlushMoment {
    /** An invocation begins, and the platform will say when it ends. The function runs meanwhile. */
    INVOKE,
    /** The first data of a sandbox has come, within an invocation that is held. */
    DATA,
    /** The function of an invocation that is held has answered: {@code platform.runtimeDone}. */
    RUNTIME_DONE,
    /** A tick that was asked for has come while a function runs. */
    TICK,
    /** On Managed Instances, where no invocation is ever seen: a tick that was asked for has come. */
    MANAGED_TICK,
    /** Nobody says when a function ends: an invocation begins, or data has been quiet. Nobody is held. */
    QUIET,
    /** Somebody asked for it at the control endpoint and waits, or the time of an invocation is nearly over. */
    CONTROL,
    /** The sandbox ends. */
    SHUTDOWN
}
