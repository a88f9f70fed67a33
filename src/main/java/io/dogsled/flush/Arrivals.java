package io.dogsled.flush;

/**
 * When invocations came, by the wall clock, which goes on while the sandbox is frozen: how many in a row came soon after the one
 * before, and how far apart the last 64 of these were. One that came late ends the row: it shows that this traffic
 * pauses, and what a pause costs is what the count is asked for ({@link FlushPolicy}).
 *
 * <p>A clock that is set back tells nothing: such a gap is not counted, and the row goes on. One that is set forward cannot be told
 * from a pause and is taken for one, which costs a few held invocations and no data. Main thread.
 */
public final class Arrivals {
    private static final int GAPS = 64;

    private final long soonMs;
    private final long[] gaps = new long[GAPS];
    private long sumMs;
    private int steady;
    private int next;
    private long lastMs;

    /** {@code soonMs}: the longest gap that belongs to steady traffic. */
    public Arrivals(long soonMs) {
        this.soonMs = soonMs;
    }

    /** An invocation begins. */
    public void onArrival(long nowMs) {
        if (lastMs != 0 && nowMs >= lastMs) {
            add(nowMs - lastMs);
        }
        lastMs = nowMs;
    }

    /** As after the start: this process is a copy, and its original's history is not its own. */
    public void beginAnew() {
        steady = 0;
        sumMs = 0;
        lastMs = 0;
    }

    /** Invocations in a row that came soon enough; 0 after the first, and after one that came late. */
    public int steady() {
        return steady;
    }

    /** The mean gap of the last 64 of these, in milliseconds; 0 if there are none. */
    public long gapMs() {
        return steady == 0 ? 0 : sumMs / Math.min(steady, GAPS);
    }

    private void add(long gapMs) {
        if (gapMs > soonMs) {
            steady = 0;
            sumMs = 0;
            return;
        }
        sumMs += gapMs - (steady >= GAPS ? gaps[next] : 0);
        gaps[next] = gapMs;
        next = (next + 1) % GAPS;
        steady += steady == Integer.MAX_VALUE ? 0 : 1;
    }
}
