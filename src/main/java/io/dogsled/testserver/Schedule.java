package io.dogsled.testserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall happen when: scenarios that each hold over a span of time, such as 500 from second 10 to 20. Immutable;
 * every method returns a changed copy.
 *
 * <p>Its clock begins at zero when the schedule is put into a server (for the one a server is started with: at its
 * start), or with the first request after that. {@link TestServer#reset} begins anew with the schedule of the start.
 *
 * <p>Spans may overlap and may have no end. Those that hold when a request's head has been read speak in their order: each
 * sets what it names and leaves the rest, a later one over an earlier one. They stand over standing scenarios and under
 * limited ones ({@code times}). A scenario with {@code times(k)} in a span holds for the first k requests of that span.
 *
 * <p>For example {@code Schedule.empty().during(Duration.ofSeconds(10), Duration.ofSeconds(20), Scenario.parse("500"))},
 * or {@code Schedule.parse("500 from second 10 to 20")}.
 */
public final class Schedule {
    private static final Schedule EMPTY = new Schedule(false, List.of());

    private final boolean waitsForRequest;
    private final List<Span> spans;

    private Schedule(boolean waitsForRequest, List<Span> spans) {
        this.waitsForRequest = waitsForRequest;
        this.spans = List.copyOf(spans);
    }

    /** Nothing ever happens. */
    public static Schedule empty() {
        return EMPTY;
    }

    /**
     * Reads a scenario file, in lines ({@code ScheduleText}) or JSON ({@code ScheduleJson}); a text whose first character is
     * an opening bracket is JSON.
     *
     * @throws IllegalArgumentException with one sentence that names the line or the span and what was expected
     */
    public static Schedule parse(String text) {
        String stripped = text.strip();
        boolean json = stripped.startsWith("{") || stripped.startsWith("[");
        return json ? ScheduleJson.parse(stripped) : ScheduleText.parse(text);
    }

    /** The clock begins with the first request, not before. */
    public Schedule fromFirstRequest() {
        return new Schedule(true, spans);
    }

    /** The scenario holds from {@code from} on, until just before {@code to}. */
    public Schedule during(Duration from, Duration to, Scenario scenario) {
        return with(new Span(from, to, scenario));
    }

    /** The scenario holds from {@code from} on. */
    public Schedule from(Duration from, Scenario scenario) {
        return with(new Span(from, null, scenario));
    }

    /** Connections are refused from {@code from} on, until {@code to}. */
    public Schedule refuse(Duration from, Duration to) {
        return with(new Span(from, to, null));
    }

    /** Connections are refused from {@code from} on. */
    public Schedule refuseFrom(Duration from) {
        return with(new Span(from, null, null));
    }

    /** In the order in which they were given. */
    public List<Span> spans() {
        return spans;
    }

    /** Whether the clock begins with the first request. */
    public boolean waitsForRequest() {
        return waitsForRequest;
    }

    Schedule with(Span span) {
        List<Span> more = new ArrayList<>(spans);
        more.add(span);
        return new Schedule(waitsForRequest, more);
    }

    boolean refuses(long elapsedNs) {
        return spans.stream().anyMatch(span -> span.scenario() == null && span.holds(elapsedNs));
    }

    /** When the next refusal begins or ends after {@code elapsedNs}; {@code Long.MAX_VALUE} = never. */
    long nextRefusalChangeNs(long elapsedNs) {
        long next = Long.MAX_VALUE;
        for (Span span : spans) {
            if (span.scenario() == null) {
                next = earlier(next, span.from().toNanos(), elapsedNs);
                next = earlier(next, span.endNs(), elapsedNs);
            }
        }
        return next;
    }

    private static long earlier(long known, long candidate, long after) {
        return candidate > after && candidate < known ? candidate : known;
    }

    /** The lines that would make it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(waitsForRequest ? "clock first-request\n" : "");
        spans.forEach(span -> text.append(span).append('\n'));
        return text.toString();
    }

    /**
     * One scenario and when it holds.
     *
     * @param from on the schedule's clock
     * @param to null = it has no end
     * @param scenario null = connections are refused
     */
    public record Span(
            Duration from, @Nullable Duration to, @Nullable Scenario scenario) {
        public Span {
            if (from.isNegative()) {
                throw new IllegalArgumentException("a span cannot begin before its clock");
            }
            if (to != null && to.compareTo(from) <= 0) {
                throw new IllegalArgumentException("the end (" + Durations.text(to)
                        + ") must be later than the beginning (" + Durations.text(from) + ")");
            }
        }

        boolean holds(long elapsedNs) {
            return elapsedNs >= from.toNanos() && elapsedNs < endNs();
        }

        long endNs() {
            return to == null ? Long.MAX_VALUE : to.toNanos();
        }

        /** What happens in it, without when. */
        public String what() {
            return scenario == null ? "refuse" : scenario.toString();
        }

        @Override
        public String toString() {
            return what() + " from " + Durations.text(from) + (to == null ? " on" : " to " + Durations.text(to));
        }
    }
}
