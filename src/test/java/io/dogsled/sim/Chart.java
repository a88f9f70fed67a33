package io.dogsled.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Requests per second at the intake over a run, a strip a strategy, all of one scale, as an SVG legible on light and on dark. */
final class Chart {
    private static final int LEFT = 190;
    private static final int WIDTH = 600;
    private static final int STRIP = 64;
    private static final int GAP = 14;
    private static final int TOP = 48;
    private static final int STEP_S = 3;

    private static final String STYLE = """
            <style>
            text { font: 13px sans-serif; fill: #24292f }
            .small { font-size: 11px; fill: #57606a }
            .title { font-weight: bold }
            .grid { stroke: #d0d7de }
            .outage { fill: #cf222e; fill-opacity: 0.10 }
            .own { fill: #0969da; fill-opacity: 0.25; stroke: #0969da }
            .model { fill: #6e7781; fill-opacity: 0.25; stroke: #6e7781 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .small { fill: #8b949e }
              .grid { stroke: #30363d }
              .outage { fill: #f85149; fill-opacity: 0.18 }
              .own { fill: #58a6ff; fill-opacity: 0.30; stroke: #58a6ff }
              .model { fill: #8b949e; fill-opacity: 0.30; stroke: #8b949e }
            }
            </style>
            """;

    private final StringBuilder svg = new StringBuilder();
    private final Plan plan;
    private final int seconds;
    private final int largest;

    private Chart(List<Row> rows) {
        this.plan = rows.getFirst().plan();
        this.seconds = (int) (plan.endMs() / 1_000);
        int most = 1;
        for (Row row : rows) {
            most = Math.max(most, row.meter().peak(Plan.WARM_UP_MS, plan.endMs()));
        }
        this.largest = most;
    }

    /** {@code models}: for each row whether it is a model. */
    static void write(Path file, String title, List<Row> rows, List<Boolean> models) throws IOException {
        Chart chart = new Chart(rows);
        int bottom = TOP + rows.size() * (STRIP + GAP);
        chart.frame(title, bottom);
        for (int i = 0; i < rows.size(); i++) {
            chart.strip(rows.get(i), models.get(i), TOP + i * (STRIP + GAP));
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + (LEFT + WIDTH + 120) + "\" height=\""
                        + (bottom + 30) + "\" role=\"img\" aria-label=\"" + title + "\">\n" + STYLE + chart.svg
                        + "</svg>\n");
    }

    private void frame(String title, int bottom) {
        add("<text class=\"title\" x=\"4\" y=\"20\">%s</text>%n", title);
        add(
                "<rect class=\"outage\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                x(plan.fromMs() / 1_000), TOP - 8, x(plan.toMs() / 1_000) - x(plan.fromMs() / 1_000), bottom - TOP);
        for (int minute = 0; minute * 60 <= seconds; minute += 5) {
            add("<text class=\"small\" x=\"%.1f\" y=\"%d\">%d min</text>%n", x(minute * 60L) - 10, bottom + 8, minute);
        }
    }

    private void strip(Row row, boolean model, int top) {
        int floor = top + STRIP;
        add("<text x=\"4\" y=\"%d\">%s</text>%n", top + STRIP / 2, row.name());
        add("<line class=\"grid\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>%n", LEFT, floor, LEFT + WIDTH, floor);
        int[] requests = row.meter().requests();
        add("<path class=\"%s\" d=\"M%d %d", model ? "model" : "own", LEFT, floor);
        for (int s = 0; s < seconds; s += STEP_S) {
            int most = 0;
            for (int i = s; i < Math.min(seconds, s + STEP_S); i++) {
                most = Math.max(most, requests[i]);
            }
            add("L%.1f %.1f", x(s), floor - (double) STRIP * Math.min(most, largest) / largest);
        }
        add("L%d %dZ\"/>%n", LEFT + WIDTH, floor);
        String peak = String.format(Locale.ROOT, "peak after %,d/s", row.peak());
        String normal = String.format(Locale.ROOT, "normal %,.0f/s", row.normal());
        add("<text class=\"small\" x=\"%d\" y=\"%d\">%s</text>%n", LEFT + WIDTH + 4, top + STRIP / 2, normal);
        add("<text class=\"small\" x=\"%d\" y=\"%d\">%s</text>%n", LEFT + WIDTH + 4, top + STRIP / 2 + 14, peak);
    }

    private double x(long second) {
        return LEFT + (double) WIDTH * second / seconds;
    }

    @SuppressWarnings("AnnotateFormatMethod") // its annotation would be a dependency
    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
