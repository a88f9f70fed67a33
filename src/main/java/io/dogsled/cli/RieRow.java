package io.dogsled.cli;

import java.util.Locale;
import java.util.Optional;

/** What is known of one invocation in AWS's emulator, filled from its lines; thread-safe. What did not happen is a dash. */
final class RieRow {
    private Optional<Double> initMs = Optional.empty();
    private Optional<Double> runtimeMs = Optional.empty();
    private Optional<Double> reportMs = Optional.empty();
    private Optional<String> reset = Optional.empty();

    /** Takes what a line tells about it. */
    synchronized void takes(String line) {
        initMs = RieLog.initMs(line).or(() -> initMs);
        runtimeMs = RieLog.runtimeMs(line).or(() -> runtimeMs);
        reportMs = RieLog.reportMs(line).or(() -> reportMs);
        reset = RieLog.reset(line).or(() -> reset);
        notifyAll();
    }

    /** Waits until the emulator has said the last word about it, for so many milliseconds at the most; false if it has not. */
    synchronized boolean await(long mostMs) throws InterruptedException {
        long untilNs = System.nanoTime() + mostMs * 1_000_000;
        while (reportMs.isEmpty() && reset.isEmpty()) {
            long leftMs = (untilNs - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0) {
                return false;
            }
            wait(leftMs);
        }
        return true;
    }

    /** Whether an environment was initialised for it. */
    synchronized boolean coldStart() {
        return initMs.isPresent();
    }

    /** Why its environment was ended; empty if it was not. */
    synchronized Optional<String> reset() {
        return reset;
    }

    /** Milliseconds from the runtime's end until the extension had polled again; empty unless all went well. */
    synchronized Optional<Double> heldMs() {
        if (reset.isPresent()) {
            return Optional.empty();
        }
        return reportMs.flatMap(report -> runtimeMs.map(runtime -> Math.max(0, report - runtime - initMs.orElse(0.0))));
    }

    synchronized String text(String event, RieProcess.Answer answer, String intake) {
        String name = (coldStart() ? "cold: " : "") + event;
        return String.format(
                Locale.ROOT,
                "%-19s %10.1f ms %11s %11s  %s%s",
                name.length() > 19 ? name.substring(0, 19) : name,
                answer.waitedMs(),
                millis(runtimeMs),
                millis(heldMs()),
                reset.map(why -> why + "; ").orElse(""),
                intake);
    }

    private static String millis(Optional<Double> number) {
        return number.map(value -> String.format(Locale.ROOT, "%.1f ms", value)).orElse("-");
    }
}
