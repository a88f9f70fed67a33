package io.dogsled.aggregator;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;

/** What one datagram adds to the ledger, counted in plain fields and published once. */
final class Tally {
    long received;
    long blocked;
    /** Events and checks. */
    long noRoom;

    long outOfRange;
    long notFinite;
    long moved;

    /** Adds everything to the counters and starts anew. */
    void publish(Counters counters) {
        if (received == 0) {
            return;
        }
        counters.add(Counter.RECEIVED, received);
        received = 0;
        if ((blocked | noRoom | outOfRange | notFinite | moved) == 0) {
            return;
        }
        counters.add(Counter.LOST_BLOCKED, blocked);
        counters.add(Counter.LOST_NO_ROOM, noRoom);
        counters.add(Counter.LOST_NOT_FINITE, notFinite);
        counters.add(Counter.TIMESTAMP_OUT_OF_RANGE, outOfRange);
        counters.add(Counter.MOVED, moved);
        moved = 0;
        blocked = 0;
        noRoom = 0;
        notFinite = 0;
        outOfRange = 0;
    }
}
