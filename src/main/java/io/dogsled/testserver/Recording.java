package io.dogsled.testserver;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Everything remembered since the start or the last reset: counters, accepted payloads, when what came,
 * and the ids of scripted bodies.
 * A reset swaps the whole object, so a request that was under way still counts where it began. Any thread.
 */
final class Recording {
    private final Tally tally = new Tally();
    private final ScriptedBodies scriptedBodies = new ScriptedBodies();
    private static final int MAX_SCHEDULES = 100;

    private final Trail trail = new Trail();
    private final long zeroNs = System.nanoTime();
    private final Instant startedAt = Instant.now();
    private final long maxBytes;
    private final Deque<ReceivedPayload> payloads = new ArrayDeque<>(); // guarded by this
    private final Deque<Playing> schedules = new ArrayDeque<>(); // guarded by this
    private long bytes; // guarded by this
    private long forgotten; // guarded by this

    /** Keeps at most {@code maxBytes} of payload bodies; beyond that the oldest are forgotten and counted. */
    Recording(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    Tally tally() {
        return tally;
    }

    ScriptedBodies scriptedBodies() {
        return scriptedBodies;
    }

    Trail trail() {
        return trail;
    }

    /** A schedule that plays from now on; the last hundred are remembered. */
    synchronized void playing(Playing schedule) {
        schedules.addLast(schedule);
        if (schedules.size() > MAX_SCHEDULES) {
            schedules.removeFirst();
        }
    }

    /** What came when, up to now. */
    Timeline timeline() {
        long nowNs = System.nanoTime();
        List<Timeline.Step> steps = new ArrayList<>();
        for (Playing schedule : schedules()) {
            long zero = schedule.zeroNs().orElse(Long.MAX_VALUE);
            for (Schedule.Span span : schedule.schedule().spans()) {
                addStep(steps, span, zero, Math.min(nowNs, schedule.stoppedNs()));
            }
        }
        List<TimedRequest> requests = trail.shown(zeroNs);
        return new Timeline(startedAt, (nowNs - zeroNs) / 1e6, requests, List.copyOf(steps), trail.forgotten());
    }

    private void addStep(List<Timeline.Step> steps, Schedule.Span span, long scheduleZeroNs, long untilNs) {
        if (scheduleZeroNs == Long.MAX_VALUE || scheduleZeroNs + span.from().toNanos() >= untilNs) {
            return; // it has not begun
        }
        long lastNs = span.to() == null ? untilNs : Math.min(untilNs, scheduleZeroNs + span.endNs());
        double fromMs = (scheduleZeroNs - zeroNs) / 1e6 + span.from().toNanos() / 1e6;
        steps.add(new Timeline.Step(fromMs, (lastNs - zeroNs) / 1e6, span.what()));
    }

    private synchronized List<Playing> schedules() {
        return List.copyOf(schedules);
    }

    synchronized void add(ReceivedPayload payload) {
        payloads.addLast(payload);
        bytes += payload.sizeBytes();
        while (bytes > maxBytes && payloads.size() > 1) {
            bytes -= payloads.removeFirst().sizeBytes();
            forgotten++;
        }
    }

    /** A copy, in the order of completion. */
    synchronized List<ReceivedPayload> payloads() {
        return List.copyOf(payloads);
    }

    /** Payloads that were accepted, counted, and no longer kept. */
    synchronized long forgotten() {
        return forgotten;
    }
}
