package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.serializer.PayloadSerializer;

/** Plays the part of a round on single shelves. */
final class Hands {
    private Hands() {}

    /** Takes what waits, and carves all of it, which is something. */
    static Parcel<?> carveAll(Shelf<?> shelf) {
        shelf.take(false);
        return carve(shelf, Integer.MAX_VALUE);
    }

    /** Carves the front of the hand. */
    static Parcel<?> carve(Shelf<?> shelf, int maxItems) {
        Parcel<?> parcel = shelf.carve(new PayloadSerializer(false), maxItems);
        if (parcel == null) {
            throw new AssertionError("closed");
        }
        return parcel;
    }

    static void deliverAll(Outbox outbox, long nowMs) {
        for (Shelf<?> shelf : outbox.shelves()) {
            if (shelf.canTake()) {
                carveAll(shelf).delivered();
            }
        }
        outbox.giveBack(nowMs);
    }

    static void refuseAll(Outbox outbox, long nowMs) {
        for (Shelf<?> shelf : outbox.shelves()) {
            if (shelf.canTake()) {
                carveAll(shelf).refused(Counter.LOST_REFUSED, nowMs);
            }
        }
        outbox.giveBack(nowMs);
    }
}
