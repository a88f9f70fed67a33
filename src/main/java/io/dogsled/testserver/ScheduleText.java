package io.dogsled.testserver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Schedules in lines, one span each; {@link ScenarioText} reads what happens in it.
 *
 * <pre>
 * # comment                               the rest of the line is ignored
 * clock first-request                     or: clock start (the default)
 * 500 from second 10 to 20                a number without a unit is seconds
 * /api/v2/series=latency:1s from 30s to 1m
 * 503x5 from 1m                           for the first five requests of the span
 * reset for 10s                           from 0, for ten seconds
 * refuse from 70s to 75s                  nobody listens on the port
 * blackhole from 90s on                   no end; "on" may be left out
 * </pre>
 */
final class ScheduleText {
    private static final String WHEN = "\"from 10s to 20s\", \"from 10s for 5s\", \"to 20s\", \"from 1m on\"";

    private ScheduleText() {}

    static Schedule parse(String text) {
        Schedule schedule = Schedule.empty();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int comment = line.indexOf('#');
            String plain = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (!plain.isEmpty()) {
                schedule = add(schedule, plain, number);
            }
        }
        return schedule;
    }

    /** A time on the clock, or a length: {@code 10}, {@code 2.5}, {@code 10s}, {@code 200ms}, {@code 1m}. */
    static Duration time(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds < 1e9 && Character.isDigit(text.charAt(text.length() - 1))) {
                return Duration.ofMillis(Math.round(seconds * 1000));
            }
        } catch (NumberFormatException e) {
            // it has a unit, then
        }
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a time; write 10 or 10s (seconds), 200ms or 1m.", e);
        }
    }

    private static Schedule add(Schedule schedule, String line, int number) {
        try {
            List<String> words = words(line);
            if (!words.getFirst().equals("clock")) {
                return schedule.with(span(words));
            }
            String clock = String.join(" ", words.subList(1, words.size()));
            return switch (clock) {
                case "start" -> schedule;
                case "first-request", "first request" -> schedule.fromFirstRequest();
                default ->
                    throw new IllegalArgumentException(
                            "after \"clock\", expected start or first-request, found \"" + clock + "\"");
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(sentence("line " + number + ", \"" + line + "\"", e), e);
        }
    }

    /** One sentence about what is wrong where. */
    static String sentence(String where, IllegalArgumentException e) {
        String what = String.valueOf(e.getMessage());
        return where + ": " + what + (what.endsWith(".") ? "" : ".");
    }

    /** {@code second 10} and {@code 10 seconds} say no more than {@code 10}. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.split("\\s+", -1)) {
            String small = word.toLowerCase(Locale.ROOT);
            if (words.isEmpty() || !(small.equals("second") || small.equals("seconds"))) {
                words.add(words.isEmpty() ? word : small);
            }
        }
        return words;
    }

    private static Schedule.Span span(List<String> words) {
        @Nullable Duration from = null;
        @Nullable Duration to = null;
        @Nullable Duration length = null;
        int i = 1;
        while (i < words.size()) {
            String word = words.get(i);
            if (word.equals("on") && i == words.size() - 1 && from != null && to == null && length == null) {
                break;
            }
            if (i + 1 == words.size()) {
                throw expected(word);
            }
            Duration time = time(words.get(i + 1));
            switch (word) {
                case "from" -> from = once(from, time, word);
                case "to", "until" -> to = once(to, time, word);
                case "for" -> length = once(length, time, word);
                default -> throw expected(word);
            }
            i += 2;
        }
        return span(words.getFirst(), from, end(from, to, length));
    }

    private static @Nullable Duration end(@Nullable Duration from, @Nullable Duration to, @Nullable Duration length) {
        if (length == null) {
            return to;
        }
        if (to != null) {
            throw new IllegalArgumentException("\"to\" and \"for\" both say when it ends, expected one of them");
        }
        return from == null ? length : from.plus(length);
    }

    static Schedule.Span span(String what, @Nullable Duration from, @Nullable Duration to) {
        Scenario scenario = what.equals("refuse") ? null : Scenario.parse(what);
        return new Schedule.Span(from == null ? Duration.ZERO : from, to, scenario);
    }

    private static Duration once(@Nullable Duration known, Duration time, String word) {
        if (known != null) {
            throw new IllegalArgumentException("\"" + word + "\" stands twice");
        }
        return time;
    }

    private static IllegalArgumentException expected(String word) {
        return new IllegalArgumentException("expected when, as in " + WHEN + ", found \"" + word + "\"");
    }
}
