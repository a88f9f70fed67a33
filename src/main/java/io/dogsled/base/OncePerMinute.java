package io.dogsled.base;

/**
 * Keeps a line that would come again and again to one a minute: the customer pays for each. Minutes are those of the wall clock, since
 * a frozen sandbox gets on in the log too; a clock that was set back does not silence anybody. Owned by whoever has it.
 */
public final class OncePerMinute {
    private static final long QUIET_MS = 60_000;

    private boolean said;
    private long lastMs;

    /** Whether to say it now; then it was said. */
    public boolean isDue(long nowMs) {
        boolean due = !said || nowMs - lastMs >= QUIET_MS || nowMs < lastMs;
        if (due) {
            said = true;
            lastMs = nowMs;
        }
        return due;
    }
}
