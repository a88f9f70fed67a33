package io.dogsled.cli;

import io.dogsled.emulator.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** One invocation in one line; what did not happen is a dash, not a number. */
final class InvocationRow {
    private static final int NAME = 19;

    private final Invocation.Result result;

    InvocationRow(Invocation.Result result) {
        this.result = result;
    }

    /** When the runtime was done; empty if it never was. {@code atNs} and {@code at} are the same moment on two clocks. */
    Optional<Instant> runtimeEnd(Instant at, long atNs) {
        long doneNs = result.times().runtimeDoneNs();
        return doneNs == 0 ? Optional.empty() : Optional.of(at.plusNanos(doneNs - atNs));
    }

    String text(int number, String event, String intake) {
        Invocation.Times times = result.times();
        String name = (result.coldStart() ? "cold: " : "") + event;
        return String.format(
                Locale.ROOT,
                "%2d %-19s %11s %10s %11s  %s",
                number,
                name.length() > NAME ? name.substring(0, NAME) : name,
                millis(times.function(), times.respondedNs() != 0),
                millis(times.afterRuntime(), extensionsFinished() && times.runtimeDoneNs() != 0),
                millis(times.afterRuntimeDoneSent(), extensionsFinished() && times.runtimeDoneSentNs() != 0),
                outcome() + intake);
    }

    /** After a crash or a timeout the environment is reset, and the end of that is not the end of the extensions' work. */
    private boolean extensionsFinished() {
        return result.outcome() == Invocation.Outcome.SUCCESS || result.outcome() == Invocation.Outcome.FUNCTION_ERROR;
    }

    private String outcome() {
        return switch (result.outcome()) {
            case SUCCESS -> "";
            case FUNCTION_ERROR -> "failed; ";
            case TIMEOUT -> "timed out; ";
            case CRASH -> "crashed; ";
            case INIT_FAILED -> "init failed; ";
        };
    }

    private static String millis(Duration duration, boolean known) {
        return known ? String.format(Locale.ROOT, "%.1f ms", duration.toNanos() / 1e6) : "-";
    }
}
