package io.dogsled.aggregator;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.metrics.MetricType;

/** What one datagram adds to the ledger, counted in plain fields and published once. */
final class Tally {
    long received;
    long blocked;
    long noRoom;
    long outOfRange;
    private long notFinite;

    /** Samples that a cell did not take: a set because it is full, other types because of the number. */
    void refused(MetricType type, int samples) {
        if (type == MetricType.SET) {
            noRoom += samples;
        } else {
            notFinite += samples;
        }
    }

    /** Adds everything to the counters and starts anew. */
    void publish(Counters counters) {
        if (received == 0) {
            return;
        }
        counters.add(Counter.RECEIVED, received);
        received = 0;
        if ((blocked | noRoom | outOfRange | notFinite) == 0) {
            return;
        }
        counters.add(Counter.LOST_BLOCKED, blocked);
        counters.add(Counter.LOST_NO_ROOM, noRoom);
        counters.add(Counter.LOST_NOT_FINITE, notFinite);
        counters.add(Counter.TIMESTAMP_OUT_OF_RANGE, outOfRange);
        blocked = 0;
        noRoom = 0;
        notFinite = 0;
        outOfRange = 0;
    }
}
