package io.dogsled.aggregator;

import io.dogsled.metrics.Event;
import io.dogsled.metrics.ServiceCheck;
import java.util.ArrayList;
import java.util.List;

/**
 * The events and service checks since the last flush, bounded in number and in text. Those without a timestamp get the
 * second of their arrival.
 */
final class Pending {
    static final int LIMIT = 2_000;
    static final int TEXT_LIMIT = 2 << 20;

    private final List<Event> events = new ArrayList<>(4);
    private final List<ServiceCheck> checks = new ArrayList<>(4);
    private int text;

    /** False if there is no room. */
    boolean add(Event event, long nowS) {
        int length = event.title().length() + event.text().length();
        if (!hasRoom(length)) {
            return false;
        }
        events.add(event.timestampS() != 0 ? event : stamped(event, nowS));
        text += length;
        return true;
    }

    /** False if there is no room. */
    boolean add(ServiceCheck check, long nowS) {
        int length = check.name().length() + check.message().length();
        if (!hasRoom(length)) {
            return false;
        }
        checks.add(check.timestampS() != 0 ? check : stamped(check, nowS));
        text += length;
        return true;
    }

    List<Event> events() {
        return events;
    }

    List<ServiceCheck> checks() {
        return checks;
    }

    int size() {
        return events.size() + checks.size();
    }

    private boolean hasRoom(int length) {
        return size() < LIMIT && text + length <= TEXT_LIMIT;
    }

    private static Event stamped(Event event, long nowS) {
        return new Event(
                event.title(),
                event.text(),
                nowS,
                event.priority(),
                event.host(),
                event.tags(),
                event.alertType(),
                event.aggregationKey(),
                event.sourceType());
    }

    private static ServiceCheck stamped(ServiceCheck check, long nowS) {
        return new ServiceCheck(check.name(), check.status(), nowS, check.host(), check.message(), check.tags());
    }
}
