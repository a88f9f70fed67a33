package io.dogsled.emulator;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** The script: per route a queue of faults that happen once each, and behind it one that happens always. Thread-safe. */
final class Faults {
    private final Map<Fault.Route, Queue<Fault>> once = new EnumMap<>(Fault.Route.class);
    private final Map<Fault.Route, Fault> always = new EnumMap<>(Fault.Route.class);

    synchronized void script(Fault.Route route, Collection<Fault> faults) {
        once.computeIfAbsent(route, ignored -> new ArrayDeque<>()).addAll(faults);
    }

    synchronized void always(Fault.Route route, Fault fault) {
        always.put(route, fault);
    }

    synchronized void clear() {
        once.clear();
        always.clear();
    }

    /** The fault for the call that just arrived. */
    synchronized Optional<Fault> take(Fault.Route route) {
        Queue<Fault> queue = once.get(route);
        Fault next = queue == null ? null : queue.poll();
        return Optional.ofNullable(next == null ? always.get(route) : next);
    }
}
