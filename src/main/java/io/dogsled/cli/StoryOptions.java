package io.dogsled.cli;

import io.dogsled.testserver.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@link EmulateCommand} and {@link RieCommand} ask alike: which function, invoked how often, with what. */
final class StoryOptions {
    private static final int MOST_INVOKES = 10_000;

    @Option(names = "--handler", paramLabel = "CLASS", description = "its handler (default: ${DEFAULT-VALUE})")
    String handler = "io.dogsled.sample.SampleHandler";

    /** Empty: the Java function. */
    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "any other bootstrap, after --")
    List<String> command = List.of();

    @Option(names = "--event", paramLabel = "FILE", description = "payload; several take turns (default: the jar's)")
    private List<Path> events = List.of();

    @Option(names = "--invokes", paramLabel = "N", description = "number of invocations (default: ${DEFAULT-VALUE})")
    int invokes = 12;

    /** As it was written: {@link #timeout()} reads it. */
    @Option(names = "--timeout", paramLabel = "TIME", description = "function timeout (default: 10s)")
    String timeout = "10s";

    @Option(names = "--env", paramLabel = "K=V", description = "variable of the function's configuration")
    Map<String, String> environment = new LinkedHashMap<>();

    void checkInvokes() {
        require(
                invokes >= 1 && invokes <= MOST_INVOKES,
                "--invokes must be from 1 to " + MOST_INVOKES + ", not " + invokes + ".");
    }

    Duration timeout() {
        return duration("--timeout", timeout);
    }

    /** The files that were named, or what the jar of the Java function has, or one empty object. */
    List<StoryPlan.NamedEvent> events(Path function) throws IOException {
        if (!events.isEmpty()) {
            return StoryEvents.read(events);
        }
        return command.isEmpty() ? StoryEvents.in(function) : List.of(new StoryPlan.NamedEvent("empty", "{}"));
    }

    /** @throws IllegalArgumentException with one sentence for the user */
    static Duration duration(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(option + ": " + wrong.getMessage(), wrong);
        }
    }

    /** @throws IllegalArgumentException with the sentence, unless it holds */
    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
