package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.serializer.Payload;
import java.util.List;

/**
 * Values that were carved from a shelf's hand together, and the payload that holds them: what a lane carries. It has one
 * outcome; what comes after that, or after the end, changes nothing. Any thread.
 */
final class Parcel<T> {
    private final Shelf<T> shelf;
    private final List<T> values;
    private final Payload payload;
    private boolean repeated;
    private boolean tookNewKey;

    Parcel(Shelf<T> shelf, List<T> values, Payload payload) {
        this.shelf = shelf;
        this.values = values;
        this.payload = payload;
    }

    /** What goes over the wire; empty if {@link Payload#tooLarge}. */
    Payload payload() {
        return payload;
    }

    String label() {
        return shelf.label();
    }

    int items() {
        return values.size();
    }

    List<T> values() {
        return values;
    }

    /** Whether it may be sent once more for a stale connection; then it was. The lane's thread. */
    boolean mayRepeat() {
        boolean may = !repeated;
        repeated = true;
        return may;
    }

    /** Whether it may be sent once more with another key; then it was. The lane's thread. */
    boolean mayTakeNewKey() {
        boolean may = !tookNewKey;
        tookNewKey = true;
        return may;
    }

    /** It is about to be written a second time. */
    void aboutToRepeat() {
        shelf.aboutToRepeat(this);
    }

    /** It was acknowledged. */
    void delivered() {
        shelf.delivered(this);
    }

    /** It will never be taken by the intake as it is. */
    void refused(Counter reason, long nowMs) {
        shelf.refused(this, reason, nowMs);
    }

    /** Nobody knows whether the intake took it. */
    void ambiguous() {
        shelf.ambiguous(this);
    }

    /** It was not taken; its values wait for the next round. */
    void kept() {
        shelf.kept(this);
    }

    /** It was too large; its values are carved again, fewer at a time. */
    void backInHand() {
        shelf.backInHand(this);
    }
}
