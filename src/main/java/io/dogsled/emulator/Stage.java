package io.dogsled.emulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the API side and the life-cycle side of one sandbox share: the settings, the lock, the journal, the telemetry feed, and
 * the generation of the moment, which is guarded by the lock.
 */
final class Stage {
    private final Settings settings;
    private final Monitor monitor = new Monitor();
    private final Journal journal;
    private final TelemetryFeed telemetry;
    private final Map<String, Integer> maxOutstanding = new HashMap<>();
    private Generation generation;

    Stage(Settings settings, Journal journal) {
        this.settings = settings;
        this.journal = journal;
        this.telemetry = new TelemetryFeed(journal, settings.clock());
        this.generation = new Generation(List.of(), false);
        this.generation.end();
    }

    Settings settings() {
        return settings;
    }

    Monitor monitor() {
        return monitor;
    }

    Journal journal() {
        return journal;
    }

    TelemetryFeed telemetry() {
        return telemetry;
    }

    /** Call under the lock, or where only the life cycle could change it. */
    Generation generation() {
        return generation;
    }

    /** Notes how many requests for next an extension has in the air; call under the lock. */
    void sawOutstanding(String extension, int count) {
        maxOutstanding.merge(extension, count, Math::max);
    }

    /** The most at one time, over all generations. */
    int maxOutstanding(String extension) {
        return monitor.call(() -> maxOutstanding.getOrDefault(extension, 0));
    }

    void begin(Generation next) {
        monitor.run(() -> generation = next);
    }
}
