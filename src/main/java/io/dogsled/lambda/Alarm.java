package io.dogsled.lambda;

import java.util.Arrays;

/**
 * Several wishes to be woken, of which the launcher keeps one: it is asked for the earliest, and each tick shows which
 * ones are due. No thread and no idle ticking (rulings.md 25). Owned by the main thread.
 */
final class Alarm {
    /** The kinds of wishes. */
    static final int FALLBACK = 0;

    static final int INTERVAL = 1;
    static final int QUIET = 2;

    static final int LATE_TELEMETRY = 3;

    private static final int KINDS = 4;
    private static final long NS_PER_MS = 1_000_000L;

    private final LauncherChannel channel;
    private final long[] atNs = new long[KINDS];
    private final boolean[] isSet = new boolean[KINDS];

    Alarm(LauncherChannel channel) {
        this.channel = channel;
    }

    /** Wishes a tick after {@code delayMs}; replaces an earlier wish of this kind. Takes effect with {@link #ask}. */
    void set(int kind, long nowNs, long delayMs) {
        atNs[kind] = nowNs + Math.max(0, delayMs) * NS_PER_MS;
        isSet[kind] = true;
    }

    void clear(int kind) {
        isSet[kind] = false;
    }

    void clearAll() {
        Arrays.fill(isSet, false);
    }

    boolean isSet(int kind) {
        return isSet[kind];
    }

    /** Whether the wish has come true; it is gone then. */
    boolean takeDue(int kind, long nowNs) {
        if (!isSet[kind] || atNs[kind] - nowNs > 0) {
            return false;
        }
        isSet[kind] = false;
        return true;
    }

    /** Asks the launcher for the earliest wish; says nothing if there is none. */
    void ask(long nowNs) {
        long delayNs = Long.MAX_VALUE;
        for (int kind = 0; kind < KINDS; kind++) {
            if (isSet[kind]) {
                delayNs = Math.min(delayNs, Math.max(0, atNs[kind] - nowNs));
            }
        }
        if (delayNs != Long.MAX_VALUE) {
            // rounded up, and never 0, which would take the wish back
            channel.wake(Math.max(1, (delayNs + NS_PER_MS - 1) / NS_PER_MS));
        }
    }
}
