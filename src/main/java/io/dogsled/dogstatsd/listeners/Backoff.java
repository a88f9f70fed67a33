package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;

/**
 * Pauses between attempts to get a broken socket back: 2, 4, 8 … 1,000 ms, and never an end of trying. The listener's thread pauses,
 * another may end the pause.
 */
final class Backoff {
    private static final int LONGEST_SHIFT = 10;
    private static final long LONGEST_MS = 1_000;

    private final Clock clock;
    private int failures; // guarded by this
    private boolean ended; // guarded by this

    Backoff(Clock clock) {
        this.clock = clock;
    }

    /** One more failure; how many there have been in a row. */
    synchronized int failed() {
        return ++failures;
    }

    /** It works again; how many failures there were. */
    synchronized int succeeded() {
        int before = failures;
        failures = 0;
        return before;
    }

    /** Waits as long as the failures so far call for; no longer than until {@link #end}. */
    synchronized void pause() {
        long pauseMs = Math.min(LONGEST_MS, 1L << Math.min(failures, LONGEST_SHIFT));
        Deadline deadline = Deadline.after(clock.nowNs(), pauseMs);
        long leftMs = pauseMs;
        try {
            while (!ended && leftMs > 0) {
                wait(leftMs);
                leftMs = deadline.remainingMs(clock.nowNs());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No more pauses. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }
}
