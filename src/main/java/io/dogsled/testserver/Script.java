package io.dogsled.testserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The scenarios in force and the server's own latency. Any thread; a request takes its plan once, when its head has been
 * read.
 *
 * <p>For one request, from the weakest to the strongest: the server's latency; the standing scenario for everywhere; the
 * standing scenario with the longest matching route; the spans of the schedule that hold, in their order; the oldest
 * limited scenario ({@code times(k)}) that matches and is not used up. Each sets what it names and leaves the rest. A standing scenario replaces the earlier one of its route;
 * limited ones queue up, so {@code 503x5} then {@code resetx1} plays five 503 and then one reset.
 */
final class Script {
    private final List<Slot> standing = new ArrayList<>(); // guarded by this
    private final List<Slot> limited = new ArrayList<>(); // guarded by this
    private Duration latency; // guarded by this
    private Playing playing = new Playing(Schedule.empty(), 0); // guarded by this

    Script(Duration latency) {
        this.latency = latency;
    }

    /** From now on this schedule, instead of the one until now, which is returned. */
    synchronized Playing schedule(Playing next) {
        Playing until = playing;
        playing = next;
        return until;
    }

    synchronized Playing schedule() {
        return playing;
    }

    synchronized void latency(Duration duration) {
        latency = duration;
    }

    synchronized void play(Scenario scenario) {
        if (scenario.times() > 0) {
            limited.add(new Slot(scenario));
            return;
        }
        standing.removeIf(slot -> slot.scenario.route().equals(scenario.route()));
        standing.add(new Slot(scenario));
    }

    /** Forgets all scenarios; the latency and the schedule stay. */
    synchronized void clear() {
        standing.clear();
        limited.clear();
    }

    synchronized Plan planFor(String path) {
        Plan plan = Plan.plain(latency);
        standing.sort((a, b) ->
                Integer.compare(a.scenario.route().length(), b.scenario.route().length()));
        Slot longest = null;
        for (Slot slot : standing) {
            if (slot.scenario.route().isEmpty()) {
                plan = slot.over(plan);
            } else if (slot.scenario.matches(path)) {
                longest = slot;
            }
        }
        if (longest != null) {
            plan = longest.over(plan);
        }
        return playLimited(path, playing.over(plan, path, System.nanoTime()));
    }

    private Plan playLimited(String path, Plan plan) {
        Iterator<Slot> queue = limited.iterator();
        while (queue.hasNext()) {
            Slot slot = queue.next();
            if (slot.scenario.matches(path)) {
                if (slot.uses == slot.scenario.times() - 1) {
                    queue.remove();
                }
                return slot.over(plan);
            }
        }
        return plan;
    }

    private static final class Slot {
        private final Scenario scenario;
        private int uses;

        Slot(Scenario scenario) {
            this.scenario = scenario;
        }

        Plan over(Plan base) {
            return scenario.over(base, uses++ & Integer.MAX_VALUE);
        }
    }
}
