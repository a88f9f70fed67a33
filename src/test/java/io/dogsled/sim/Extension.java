package io.dogsled.sim;

import java.util.Random;

/** An extension in one sandbox. Times in virtual milliseconds; calls come in the order of time. */
interface Extension {
    /** The function's time-out: an extension that holds an invocation for longer is killed with it. */
    long TIME_OUT_MS = 60_000;

    /** {@code platform.runtimeDone} is buffered for 25 ms before it is told, and takes a moment. */
    long WORD_OF_END_MS = 26;

    /** SHUTDOWN leaves so much. */
    long SHUTDOWN_MS = 2_000;

    /**
     * A function runs from {@code startMs} to {@code endMs} and makes its samples at its end.
     *
     * @return when the extension is done and the sandbox freezes, {@code endMs} or later
     */
    long invocation(long startMs, long endMs, int samples);

    /** The sandbox ends. Whatever the extension holds is settled with the meter when this returns. */
    void shutdown(long nowMs);

    /** The sandbox is killed at a time-out: as {@link #shutdown}, but that nothing can be done. */
    void kill(long nowMs);

    /** Makes the extension of a new sandbox. */
    interface Maker {
        Extension make(Intake intake, Meter meter, Random random);
    }
}
