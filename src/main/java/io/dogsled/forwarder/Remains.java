package io.dogsled.forwarder;

import io.dogsled.base.Counter;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import java.util.List;

/**
 * What is left of one kind when the sandbox ends, newest bucket first. Whoever has it takes payloads from its front with a
 * serializer of his own, and says of each that got out somewhere else under which name it leaves the account. What is said
 * nothing of is lost with {@link Outbox#close}. One thread.
 */
final class Remains<T> {
    private final Shelf<T> shelf;
    private final List<T> values;
    private int first;

    Remains(Shelf<T> shelf, List<T> newestFirst) {
        this.shelf = shelf;
        this.values = newestFirst;
    }

    /** The kind, as in log lines: {@code series}, {@code sketches}, {@code events}, {@code checks}. */
    String label() {
        return shelf.label();
    }

    /** How many values have not been dealt with. */
    int items() {
        return values.size() - first;
    }

    /** The bucket or the time of the first value, seconds since the epoch; there is at least one value. */
    long frontS() {
        return shelf.atS(values.get(first));
    }

    /** One payload of the front, {@code maxItems} values at most; there is at least one value. Changes nothing. */
    Payload encode(PayloadSerializer serializer, int maxItems) {
        return shelf.encode(serializer, values.subList(first, values.size()), maxItems);
    }

    /** The first {@code count} values leave the account under this name, and are dealt with. */
    void leave(int count, Counter as) {
        shelf.leave(values.subList(first, first + count), as);
        first += count;
    }

    /** The first {@code count} values are dealt with: they stay in the account, which is closed soon. */
    void skip(int count) {
        first += count;
    }
}
