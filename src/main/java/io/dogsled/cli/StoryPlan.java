package io.dogsled.cli;

import io.dogsled.emulator.Mode;
import io.dogsled.testserver.Scenario;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code emulate} shall play, checked and complete. */
record StoryPlan(
        Path layer,
        Function function,
        List<NamedEvent> events,
        int invokes,
        Duration pause,
        Duration timeout,
        Mode mode,
        Map<String, String> environment,
        Duration latency,
        Optional<Scenario> fault,
        String faultText) {

    /**
     * The code to run: a jar with its handler under the runtime client in {@code client}, or any bootstrap if {@code command}
     * is not empty.
     */
    record Function(Path jar, String handler, Path client, List<String> command) {
        String label() {
            return command.isEmpty() ? jar.getFileName() + " " + handler : String.join(" ", command);
        }
    }

    /** A payload and what to call it. */
    record NamedEvent(String name, String json) {}
}
