package io.dogsled.dogstatsd;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.dogstatsd.listeners.DatagramHandler;

/**
 * What is done with a datagram when there is no time to parse it any more: each of its lines is a sample that came and was lost.
 * The listener's or the worker's thread.
 */
final class Discarding implements DatagramHandler {
    private final Counters counters;
    private final boolean joined;

    /** {@code joined}: it gets packets, whose datagrams have been counted. */
    Discarding(Counters counters, boolean joined) {
        this.counters = counters;
        this.joined = joined;
    }

    @Override
    public void onDatagram(byte[] buffer, int length) {
        if (!joined) {
            counters.increment(Counter.DATAGRAMS);
            counters.add(Counter.BYTES, length);
        }
        long lines = 0;
        for (int start = 0; start < length; ) {
            int end = Bytes.indexOfFar(buffer, start, length, '\n');
            lines += end > start ? 1 : 0;
            start = end + 1;
        }
        counters.add(Counter.RECEIVED, lines);
        counters.add(Counter.LOST_SHUTDOWN, lines);
    }
}
