package io.dogsled.emulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What happened, in order: marks, violations and log lines. Written by every thread of the room, under its own lock; the
 * listeners run outside of it, on the thread that reports.
 *
 * <p>Each list is bounded: a test that runs for hours keeps its first hundred thousand entries and the number of the rest.
 */
final class Journal {
    private static final int BOUND = 100_000;

    private final List<Mark> marks = new ArrayList<>();
    private final List<Violation> violations = new ArrayList<>();
    private final List<LogLine> lines = new ArrayList<>();
    private final Consumer<Mark> onMark;
    private final Consumer<LogLine> onLine;
    private long dropped;

    Journal(Consumer<Mark> onMark, Consumer<LogLine> onLine) {
        this.onMark = onMark;
        this.onLine = onLine;
    }

    /** Notes something that happens now and returns its time. */
    long mark(Mark.Kind kind, String who, String detail) {
        Mark mark = new Mark(System.nanoTime(), kind, who, detail);
        add(marks, mark);
        onMark.accept(mark);
        return mark.atNs();
    }

    void violation(Violation violation) {
        add(violations, violation);
        mark(
                Mark.Kind.VIOLATION,
                violation.who(),
                violation.call() + " in " + violation.state() + ": " + violation.status() + " "
                        + violation.errorType());
    }

    void line(LogLine line) {
        add(lines, line);
        onLine.accept(line);
    }

    void platformLine(String text) {
        line(new LogLine(System.nanoTime(), "platform", LogLine.Stream.PLATFORM, text));
    }

    synchronized List<Mark> marks() {
        return List.copyOf(marks);
    }

    synchronized List<Violation> violations() {
        return List.copyOf(violations);
    }

    synchronized List<LogLine> lines() {
        return List.copyOf(lines);
    }

    /** Waits until there are that many marks of a kind about a participant; false when the time is over. */
    synchronized boolean awaitMarks(Mark.Kind kind, String who, int count, long deadlineNs) {
        try {
            while (marks.stream()
                            .filter(m -> m.kind() == kind && m.who().equals(who))
                            .count()
                    < count) {
                long leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    return false;
                }
                wait(leftMs);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Entries that did not fit. */
    synchronized long dropped() {
        return dropped;
    }

    private synchronized <T> void add(List<T> list, T entry) {
        if (list.size() < BOUND) {
            list.add(entry);
        } else {
            dropped++;
        }
        notifyAll();
    }
}
