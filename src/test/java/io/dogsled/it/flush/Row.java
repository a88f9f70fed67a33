package io.dogsled.it.flush;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The rows of the table in flush-and-testserver.md §7; the fourth is three. */
enum Row {
    LATENCY("1 slow", Strategy.END, FailingRows::latency),
    UNAVAILABLE("2 unavailable", Strategy.PERIODICALLY, FailingRows::unavailable),
    RETRY_AFTER("3 too many requests", Strategy.END, RefusingRows::retryAfter),
    TOO_LARGE("4 too large", Strategy.ADAPTIVE, RefusingRows::tooLarge),
    REFUSED("4 refused", Strategy.END_EVERY, RefusingRows::refused, "refused"),
    FORBIDDEN("4 forbidden", Strategy.END, RefusingRows::forbidden, "forbidden"),
    BLACK_HOLE("5 black hole", Strategy.END, FailingRows::blackHole),
    STALE("6 stale connection", Strategy.END, FailingRows::stale),
    SLOW_AT_SHUTDOWN(
            "7 slow at shutdown", Strategy.CONTINUOUSLY, LastRows::slowAtShutdown, "shutdown", "dead_lettered"),
    BURST("8 burst during a flush", Strategy.END, LoadRows::burst),
    ONE_HANGS("9 one of two hangs", Strategy.END, FailingRows::oneHangs, "shutdown", "dead_lettered"),
    EVENTS_AND_CHECKS("10 events and checks", Strategy.END_EVERY, LoadRows::eventsAndChecks, "no_room"),
    MANY_FLUSHES("11 flush after flush", Strategy.PERIODICALLY, LoadRows::manyFlushes),
    NO_TELEMETRY("12 no telemetry", Strategy.END, LastRows::noTelemetry),
    FREQUENT("13 frequent invocations", Strategy.ADAPTIVE, LoadRows::frequent),
    FROZEN("14 frozen in a request", Strategy.ADAPTIVE, LastRows::frozen),
    PEAK("15 requests at a time", Strategy.CONTINUOUSLY, LoadRows::peak);

    private final String title;
    private final Strategy strategy;

    @SuppressWarnings("ImmutableEnumChecker") // a method without state
    private final Script script;

    @SuppressWarnings("ImmutableEnumChecker") // a copy that cannot change
    private final Set<String> mayLose;

    Row(String title, Strategy strategy, Script script, String... mayLose) {
        this.title = title;
        this.strategy = strategy;
        this.script = script;
        this.mayLose = Set.copyOf(List.of(mayLose));
    }

    /** What happens after the warm-up and before SHUTDOWN, and what has to be true then beside what is true in every cell. */
    interface Script {
        void play(World world, Claims claims) throws Exception;
    }

    /** With which one {@code make test} plays it. */
    Strategy strategy() {
        return strategy;
    }

    Script script() {
        return script;
    }

    /** The reasons under which an endpoint may lose something; one that is well loses what none has ever had. */
    Set<String> mayLose(boolean struck) {
        return struck || this == EVENTS_AND_CHECKS ? mayLose : Set.of();
    }

    /** Of the function. */
    Duration timeout() {
        return this == NO_TELEMETRY ? Duration.ofSeconds(4) : Duration.ofSeconds(30);
    }

    /** How long the function waits for the engine in its first invocation. */
    Duration engineStart() {
        return timeout().minusSeconds(1);
    }

    @Override
    public String toString() {
        return title;
    }
}
