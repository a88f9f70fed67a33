package io.dogsled.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What {@code rie} shall play, checked and complete.
 *
 * @param emulator AWS's program
 * @param command the function's runtime with its arguments
 * @param timeout of the function, in whole seconds, at least one
 */
record RiePlan(
        Path emulator,
        List<String> command,
        String label,
        List<StoryPlan.NamedEvent> events,
        int invokes,
        Duration timeout,
        Map<String, String> environment) {}
