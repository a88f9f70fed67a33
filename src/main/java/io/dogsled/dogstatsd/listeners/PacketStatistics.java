package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Clock;

/**
 * Datagrams per second, for the last seconds (Agent: {@code dogstatsd_stats_enable}). A ring with a slot for each second; a slot is
 * emptied by the first datagram of a later second. Every call under one lock, for several listeners may count.
 */
public final class PacketStatistics {
    private static final long MS_PER_S = 1_000;

    private final Clock clock;
    private final long[] seconds; // guarded by this
    private final long[] packets; // guarded by this

    /** {@code keptS}: how many seconds are kept, at least 1. */
    public PacketStatistics(int keptS, Clock clock) {
        this.clock = clock;
        this.seconds = new long[keptS];
        this.packets = new long[keptS];
    }

    /** One datagram came now. */
    public synchronized void count() {
        long second = Math.floorDiv(clock.nowMs(), MS_PER_S);
        int slot = Math.floorMod(second, seconds.length);
        if (seconds[slot] != second) {
            seconds[slot] = second;
            packets[slot] = 0;
        }
        packets[slot]++;
    }

    /** Datagrams in each of the last seconds, the current one, which is not over, first. */
    public synchronized long[] perSecond() {
        long now = Math.floorDiv(clock.nowMs(), MS_PER_S);
        long[] latestFirst = new long[seconds.length];
        for (int ago = 0; ago < seconds.length; ago++) {
            int slot = Math.floorMod(now - ago, seconds.length);
            latestFirst[ago] = seconds[slot] == now - ago ? packets[slot] : 0;
        }
        return latestFirst;
    }
}
