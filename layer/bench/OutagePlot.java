import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * An outage as an SVG that is legible on light and on dark: above, what each invocation cost after the function's end, on a
 * logarithmic axis; below, how old the oldest value was that the intake did not have yet. Both over time, the outage shaded.
 * What another extension does in the same place is a line with its source beside it, never a measurement of ours.
 */
final class OutagePlot {
    private static final int LEFT = 70;
    private static final int WIDTH = 760;
    private static final int TOP = 74;
    private static final int COSTS = 210;
    private static final int AGES = 150;
    private static final int AGES_TOP = TOP + COSTS + 46;
    private static final int BOTTOM = AGES_TOP + AGES;
    private static final double LEAST_MS = 0.1;
    private static final double MOST_MS = 20_000;
    /** The project's own figure for the Go Agent at a black hole: the function's time-out, then 10 s. */
    private static final int GO_AGENT_MS = 10_000;
    private static final int BUDGET_MS = 250;

    private static final String STYLE = """
            <style>
            text { font: 13px sans-serif; fill: #24292f }
            .title { font-weight: bold }
            .small { font-size: 11px }
            .grid { stroke: #d0d7de }
            .out { fill: #cf222e; fill-opacity: 0.08 }
            .limit { stroke: #57606a; stroke-dasharray: 5 4 }
            .peer { stroke: #cf222e; stroke-dasharray: 2 3; stroke-width: 2 }
            .s0 { fill: #0969da; fill-opacity: 0.5 } .l0 { stroke: #0969da; fill: none; stroke-width: 2 }
            .s1 { fill: #bf5700; fill-opacity: 0.5 } .l1 { stroke: #bf5700; fill: none; stroke-width: 2 }
            .s2 { fill: #1a7f37; fill-opacity: 0.5 } .l2 { stroke: #1a7f37; fill: none; stroke-width: 2 }
            .s3 { fill: #8250df; fill-opacity: 0.5 } .l3 { stroke: #8250df; fill: none; stroke-width: 2 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .grid { stroke: #30363d }
              .limit { stroke: #8b949e }
              .peer { stroke: #ff7b72 }
              .s0 { fill: #58a6ff } .l0 { stroke: #58a6ff }
              .s1 { fill: #f0883e } .l1 { stroke: #f0883e }
              .s2 { fill: #3fb950 } .l2 { stroke: #3fb950 }
              .s3 { fill: #d2a8ff } .l3 { stroke: #d2a8ff }
            }
            </style>
            """;

    private final StringBuilder out = new StringBuilder();
    private final double endS = Outage.WELL_S + Outage.OUT_S + Outage.AGAIN_S;
    private final double oldestS;

    private OutagePlot(List<Outage.Course> courses) {
        double oldest = 1;
        for (Outage.Course course : courses) {
            oldest = Math.max(oldest, Plot.percentile(course.ageS(), 100));
        }
        oldestS = Math.ceil(oldest / 10) * 10;
    }

    static void write(Path file, String fault, List<Outage.Course> courses) throws IOException {
        new OutagePlot(courses).draw(file, fault, courses);
    }

    private void draw(Path file, String fault, List<Outage.Course> courses) throws IOException {
        String title = "What an invocation costs, and how old the data gets, while the intake is away";
        text(8, 20, "title", title);
        double from = x(Outage.WELL_S);
        double to = x(Outage.WELL_S + Outage.OUT_S);
        add("<rect class=\"out\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n", from, TOP, to - from, BOTTOM - TOP);
        text(from + 6, TOP + COSTS + 20, "small", "the intake: " + named(fault));
        axes();
        for (int i = 0; i < courses.size(); i++) {
            course(courses.get(i), i);
        }
        double agent = cost(GO_AGENT_MS);
        if (fault.equals("blackhole")) {
            add("<line class=\"peer\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", from, agent, to, agent);
            text(to + 6, (int) agent + 4, "small", "Datadog Agent: 10 s for each invocation, the function's");
            text(to + 6, (int) agent + 18, "small", "time-out (measured apart, at a black hole)");
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n%s%s</svg>%n",
                        LEFT + WIDTH + 30,
                        BOTTOM + 40,
                        title,
                        STYLE,
                        out));
    }

    private static String named(String fault) {
        return switch (fault) {
            case "blackhole" -> "a black hole";
            case "500" -> "500 to everything";
            case "reset" -> "every connection is reset";
            default -> fault;
        };
    }

    private void axes() {
        text(8, TOP - 8, "small", "post-runtime time of each invocation, ms, after runtimeDone has arrived");
        for (double ms = LEAST_MS; ms <= MOST_MS; ms *= 10) {
            line("grid", cost(ms));
            text(18, (int) cost(ms) + 4, "small", ms < 1 ? "≤ 0.1" : String.format(Locale.ROOT, "%,.0f", ms));
        }
        line("limit", cost(BUDGET_MS));
        text(LEFT + 6, (int) cost(BUDGET_MS) - 5, "small", "budget, 250 ms");
        text(8, AGES_TOP - 8, "small", "age of the oldest value that is not at the intake yet, s");
        for (double s = 0; s <= oldestS; s += oldestS / 3 >= 10 ? 10 : 5) {
            line("grid", age(s));
            text(18, (int) age(s) + 4, "small", String.format(Locale.ROOT, "%.0f", s));
        }
        for (int s = 0; s <= endS; s += 10) {
            text(x(s) - 6, BOTTOM + 18, "small", Integer.toString(s));
        }
        text(LEFT + WIDTH - 50, BOTTOM + 34, "small", "seconds");
    }

    private void course(Outage.Course course, int i) {
        int legend = LEFT + i * 190;
        add("<circle class=\"s%d\" cx=\"%d\" cy=\"42\" r=\"5\"/>%n", i % 4, legend);
        text(legend + 10, 46, "", course.strategy());
        for (int n = 0; n < course.atS().size(); n++) {
            add(
                    "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>%n",
                    i % 4,
                    x(course.atS().get(n)),
                    cost(course.afterMs().get(n)));
        }
        StringBuilder points = new StringBuilder();
        for (int n = 0; n < course.ageAtS().size(); n++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(course.ageAtS().get(n)), age(course.ageS().get(n))));
        }
        add("<polyline class=\"l%d\" points=\"%s\"/>%n", i % 4, points.toString().strip());
    }

    private double x(double seconds) {
        return LEFT + WIDTH * seconds / endS;
    }

    private static double cost(double ms) {
        double decades = Math.log10(MOST_MS / LEAST_MS);
        return TOP + COSTS - COSTS * Math.log10(Math.clamp(ms, LEAST_MS, MOST_MS) / LEAST_MS) / decades;
    }

    private double age(double seconds) {
        return BOTTOM - AGES * seconds / oldestS;
    }

    private void line(String style, double y) {
        add("<line class=\"%s\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>%n", style, LEFT, y, LEFT + WIDTH, y);
    }

    private void text(double x, int y, String style, String text) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n", style, x, y, text);
    }

    private void add(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }
}
