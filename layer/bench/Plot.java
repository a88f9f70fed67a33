import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Rows of values on one logarithmic axis from 1 ms to 10 s, as an SVG that is legible on light and on dark: every value a small
 * dot, the median a bar with its number.
 */
final class Plot {
    private static final int LEFT = 190;
    private static final int WIDTH = 560;
    private static final int ROW = 34;
    private static final int TOP = 44;

    private static final String STYLE = """
            <style>
            text { font: 13px sans-serif; fill: #24292f }
            .title { font-weight: bold }
            .grid { stroke: #d0d7de }
            .value { fill: #0969da; fill-opacity: 0.35 }
            .median { fill: #0969da }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 }
              .grid { stroke: #30363d }
              .value { fill: #58a6ff; fill-opacity: 0.45 }
              .median { fill: #58a6ff }
            }
            </style>
            """;

    private final StringBuilder rows = new StringBuilder();
    private final String title;
    private int count;

    Plot(String title) {
        this.title = title;
    }

    /** Adds a row of values in milliseconds. */
    void row(String label, List<Double> values) {
        int y = TOP + count++ * ROW + ROW / 2;
        text(4, y + 4, "", label);
        for (double value : values) {
            add("<circle class=\"value\" cx=\"%.1f\" cy=\"%d\" r=\"4\"/>%n", x(value), y);
        }
        double median = percentile(values, 50);
        add("<rect class=\"median\" x=\"%.1f\" y=\"%d\" width=\"3\" height=\"20\"/>%n", x(median) - 1.5, y - 10);
        text(LEFT + WIDTH + 12, y + 4, "", String.format(Locale.ROOT, median < 100 ? "%.1f" : "%.0f", median));
    }

    void write(Path file) throws IOException {
        int bottom = TOP + count * ROW;
        String values = rows.toString();
        rows.setLength(0);
        for (int decade = 1; decade <= 10_000; decade *= 10) {
            add("<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n", x(decade), TOP, x(decade), bottom);
            text(x(decade) - 8, bottom + 18, "", Integer.toString(decade));
        }
        text(4, 20, "title", title);
        rows.append(values);
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(
                file,
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">%n%s%s</svg>%n",
                        LEFT + WIDTH + 80,
                        bottom + 30,
                        title,
                        STYLE,
                        rows));
    }

    static double percentile(List<Double> values, int percent) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }

    private static double x(double ms) {
        return LEFT + WIDTH * Math.log10(Math.clamp(ms, 1, 10_000)) / 4;
    }

    private void text(double x, int y, String style, String text) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%d\">%s</text>%n", style, x, y, text);
    }

    private void add(String format, Object... values) {
        rows.append(String.format(Locale.ROOT, format, values));
    }
}
