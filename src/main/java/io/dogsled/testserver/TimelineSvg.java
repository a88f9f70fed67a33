package io.dogsled.testserver;

import io.dogsled.testserver.TimedRequest.Outcome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * The plot of a timeline, legible on light and on dark.
 *
 * <pre>
 * spans      ▐ 500 ▌▐ latency:1s ▌      one bar each, in as many rows as overlap; their time is shaded through the plot
 * no answer           x x
 * answer     · ·  ·   ·····             milliseconds to the end of the answer, logarithmic, coloured by outcome
 * age        ...:::                     seconds since the oldest point of the payload, if payloads have points
 *            0   10   20   30 s         since the server's start or last reset
 * </pre>
 *
 * At most {@value #MAX_DOTS} requests are drawn, the newest; the title says so.
 */
final class TimelineSvg {
    private static final int MAX_DOTS = 5000;
    private static final int LEFT = 80;
    private static final int WIDTH = 820;
    private static final int LANE = 20;
    private static final int PANEL = 200;
    private static final int GAP = 34;

    private static final String STYLE = """
            <style>
            text { font: 12px sans-serif; fill: #24292f }
            .title { font-weight: bold; font-size: 13px }
            .grid { stroke: #d0d7de }
            .span { fill: #bf8700; fill-opacity: 0.25 }
            .shade { fill: #bf8700; fill-opacity: 0.08 }
            .accepted { fill: #0969da; fill-opacity: 0.6 }
            .retried { fill: #cf222e; fill-opacity: 0.7 }
            .failed { fill: #8250df; fill-opacity: 0.7 }
            .aborted { fill: none; stroke: #cf222e; stroke-width: 1.5 }
            .open { fill: none; stroke: #6e7781; stroke-width: 1.5 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .grid { stroke: #30363d }
              .accepted { fill: #58a6ff }
              .retried { fill: #ff7b72 }
              .failed { fill: #d2a8ff }
              .aborted { stroke: #ff7b72 }
              .open { stroke: #8b949e }
            }
            </style>
            """;

    private final StringBuilder out = new StringBuilder();
    private final Timeline timeline;
    private final List<TimedRequest> drawn;
    private final double fromMs;
    private final double toMs;

    private TimelineSvg(Timeline timeline) {
        this.timeline = timeline;
        List<TimedRequest> all = timeline.requests();
        drawn = all.subList(Math.max(0, all.size() - MAX_DOTS), all.size());
        double first = timeline.endedMs();
        double last = 0;
        for (TimedRequest request : drawn) {
            first = Math.min(first, request.atMs());
            last = Math.max(last, request.atMs() + Math.max(0, request.answeredMs()));
        }
        for (Timeline.Step step : timeline.steps()) {
            first = Math.min(first, step.fromMs());
            last = Math.max(last, step.toMs());
        }
        fromMs = Math.floor(first / 1000) * 1000;
        toMs = Math.max(Math.ceil(last / 1000) * 1000, fromMs + 1000);
    }

    static String of(Timeline timeline) {
        return new TimelineSvg(timeline).draw();
    }

    private String draw() {
        List<List<Timeline.Step>> lanes = lanes();
        int top = 54 + lanes.size() * LANE;
        boolean aged = drawn.stream().anyMatch(request -> request.ageS() >= 0);
        int bottom = top + PANEL + (aged ? GAP + PANEL / 2 : 0);
        text(8, 18, "title", title());
        legend();
        for (int i = 0; i < lanes.size(); i++) {
            for (Timeline.Step step : lanes.get(i)) {
                span(step, 46 + i * LANE, bottom);
            }
        }
        seconds(bottom);
        answers(top);
        if (aged) {
            ages(top + PANEL + GAP, PANEL / 2);
        }
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n%s%s</svg>%n",
                LEFT + WIDTH + 30,
                bottom + 40,
                escaped(title()),
                STYLE,
                out);
    }

    private String title() {
        int left = timeline.requests().size() - drawn.size() + timeline.forgotten();
        return drawn.size() + (drawn.size() == 1 ? " request" : " requests") + " since "
                + timeline.startedAt().truncatedTo(ChronoUnit.SECONDS)
                + (left == 0 ? "" : ", and " + left + " before them that are not drawn");
    }

    private void legend() {
        int x = LEFT;
        for (Outcome outcome : Outcome.values()) {
            long count = drawn.stream()
                    .filter(request -> request.outcome() == outcome)
                    .count();
            if (count > 0) {
                dot(outcome, x, 33);
                String label = count + " " + Timeline.text(outcome);
                text(x + 8, 37, "", label);
                x += 30 + label.length() * 7;
            }
        }
    }

    /** Spans that overlap stand in different rows. */
    private List<List<Timeline.Step>> lanes() {
        List<List<Timeline.Step>> lanes = new ArrayList<>();
        for (Timeline.Step step : timeline.steps()) {
            List<Timeline.Step> free = null;
            for (List<Timeline.Step> lane : lanes) {
                if (free == null && lane.stream().noneMatch(other -> overlap(other, step))) {
                    free = lane;
                }
            }
            if (free == null) {
                free = new ArrayList<>();
                lanes.add(free);
            }
            free.add(step);
        }
        return lanes;
    }

    private static boolean overlap(Timeline.Step a, Timeline.Step b) {
        return a.fromMs() < b.toMs() && b.fromMs() < a.toMs();
    }

    private void span(Timeline.Step step, int y, int bottom) {
        double x = x(step.fromMs());
        double width = Math.max(1, x(step.toMs()) - x);
        add(String.format(
                Locale.ROOT,
                "<rect class=\"shade\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                x,
                y,
                width,
                bottom - y));
        add(String.format(
                Locale.ROOT,
                "<rect class=\"span\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\">",
                x,
                y,
                width,
                LANE - 3));
        add(String.format(Locale.ROOT, "<title>%s</title></rect>%n", escaped(step.what())));
        int fits = (int) (width / 7);
        String what = step.what();
        text(
                x + 4,
                y + 13,
                "",
                what.length() <= fits ? what : what.substring(0, Math.max(0, fits - 1)) + (fits > 1 ? "…" : ""));
    }

    private void seconds(int bottom) {
        double every = step((toMs - fromMs) / 1000, 10);
        for (double s = Math.ceil(fromMs / 1000 / every) * every; s * 1000 <= toMs; s += every) {
            text(x(s * 1000) - 4, bottom + 18, "", number(s));
        }
        text(LEFT + WIDTH - 170, bottom + 34, "", "seconds since the server's start");
    }

    private void answers(int top) {
        double most = 10;
        double least = 1;
        for (TimedRequest request : drawn) {
            most = Math.max(most, request.answeredMs());
            least = request.answeredMs() > 0 ? Math.min(least, request.answeredMs()) : least;
        }
        int lowest = (int) Math.floor(Math.log10(Math.max(least, 0.01)));
        int highest = (int) Math.ceil(Math.log10(most));
        int height = PANEL - 24;
        for (int decade = lowest; decade <= highest; decade++) {
            double y = top + PANEL - height * (decade - lowest) / (double) (highest - lowest);
            line(y);
            text(30, (int) y + 4, "", number(Math.pow(10, decade)));
        }
        text(8, top + 4, "", "no answer");
        text(8, top + PANEL / 2 + 4, "", "ms");
        ToDoubleFunction<TimedRequest> y = request -> request.answeredMs() < 0
                ? top
                : top
                        + PANEL
                        - height * (Math.log10(Math.max(request.answeredMs(), 0.01)) - lowest) / (highest - lowest);
        dots(y);
    }

    private void ages(int top, int height) {
        double oldest = drawn.stream().mapToDouble(TimedRequest::ageS).max().orElse(1);
        double every = step(Math.max(oldest, 1), 4);
        double most = Math.max(every, Math.ceil(oldest / every) * every);
        for (double s = 0; s <= most; s += every) {
            double y = top + height - height * s / most;
            line(y);
            text(30, (int) y + 4, "", number(s));
        }
        text(
                8,
                top - 10,
                "",
                "age of the oldest point on arrival, seconds (a point stands for the ten seconds from its time on)");
        dots(request -> request.ageS() < 0 ? -1 : top + height - height * request.ageS() / most);
    }

    private void dots(ToDoubleFunction<TimedRequest> height) {
        for (TimedRequest request : drawn) {
            double y = height.applyAsDouble(request);
            if (y >= 0) {
                dot(request.outcome(), x(request.atMs()), y);
            }
        }
    }

    private void dot(Outcome outcome, double x, double y) {
        add(String.format(
                Locale.ROOT,
                "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>%n",
                Timeline.text(outcome),
                x,
                y));
    }

    private void line(double y) {
        add(String.format(
                Locale.ROOT,
                "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n",
                LEFT,
                y,
                LEFT + WIDTH,
                y));
    }

    private double x(double ms) {
        return LEFT + WIDTH * (ms - fromMs) / (toMs - fromMs);
    }

    private void text(double x, int y, String style, String text) {
        add(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n", style, x, y, escaped(text)));
    }

    private void add(String element) {
        out.append(element);
    }

    /** A distance between marks that is 1, 2 or 5 times a power of ten, so that about {@code marks} fit. */
    private static double step(double range, int marks) {
        double power = Math.pow(10, Math.floor(Math.log10(range / marks)));
        for (int factor : new int[] {1, 2, 5}) {
            if (factor * power * marks >= range) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String number(double value) {
        return value == Math.rint(value)
                ? Long.toString(Math.round(value))
                : BigDecimal.valueOf(value)
                        .round(new MathContext(3))
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
