package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Check;
import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.DecodedPayload.SketchPoint;
import io.dogsled.testserver.IntakeView.Distribution;
import io.dogsled.testserver.IntakeView.Duplicate;
import io.dogsled.testserver.IntakeView.Scalar;
import java.util.ArrayList;
import java.util.List;

/**
 * What a person wants to see: the counters, then what arrived.
 *
 * <pre>
 * 3 requests: 2 accepted, 1 retried, 0 failed; at most 1 at once, over 1 connection
 *
 * TYPE    NAME           TAGS      POINTS  VALUE
 * COUNT   orders.placed  env:dev   2       12.0 in all
 * SKETCH  order.value    env:dev   1       7 values from 1.0 to 3.0, sum 12.0
 *
 * 1 point came more than once: 0 with the same value, 1 with a newer one
 * </pre>
 */
final class Summary {
    private static final int MAX_ROWS = 200;
    private static final int MAX_PROBLEMS = 10;

    private final List<List<String>> rows = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();

    private Summary() {}

    static String statusLine(TestServer server) {
        Tally.Counts counts = server.counts();
        StringBuilder line = new StringBuilder();
        line.append(number(counts.total(), "request"))
                .append(": ")
                .append(counts.accepted())
                .append(" accepted, ");
        line.append(counts.retried())
                .append(" retried, ")
                .append(counts.failed())
                .append(" failed");
        if (counts.aborted() > 0) {
            line.append(", ").append(counts.aborted()).append(" aborted");
        }
        if (counts.malformed() > 0) {
            line.append(", ").append(counts.malformed()).append(" malformed beside them");
        }
        if (counts.active() > 0) {
            line.append(", ").append(counts.active()).append(" in work");
        }
        line.append("; at most ").append(counts.peak()).append(" at once, over ");
        return line.append(number(server.connections(), "connection")).toString();
    }

    static String of(TestServer server) {
        Summary summary = new Summary();
        IntakeView view = server.intake();
        summary.out.append(statusLine(server)).append('\n');
        view.counts().forEach(count -> summary.scalar(count, count.total() + " in all"));
        view.rates().forEach(rate -> summary.scalar(rate, rate.last() + " per second at last"));
        view.gauges().forEach(gauge -> summary.scalar(gauge, gauge.last() + " at last"));
        view.sketches().forEach(summary::distribution);
        view.events().forEach(summary::event);
        view.checks().forEach(summary::check);
        summary.table();
        summary.duplicates(view.duplicates());
        summary.problems(view.problems());
        if (server.forgotten() > 0) {
            summary.out
                    .append("\nNo longer kept: ")
                    .append(number(server.forgotten(), "payload"))
                    .append('\n');
        }
        return summary.out.toString();
    }

    private void scalar(Scalar scalar, String value) {
        row(
                scalar.type().name(),
                scalar.context().metric(),
                scalar.context().tags(),
                scalar.points().size(),
                value);
    }

    private void distribution(Distribution distribution) {
        SketchPoint total = distribution.total();
        String value =
                number(total.cnt(), "value") + " from " + total.min() + " to " + total.max() + ", sum " + total.sum();
        row(
                "SKETCH",
                distribution.context().metric(),
                distribution.context().tags(),
                distribution.points().size(),
                value);
    }

    private void event(Event event) {
        row("EVENT", event.title(), event.tags(), 1, event.alertType());
    }

    private void check(Check check) {
        row("CHECK", check.name(), check.tags(), 1, "status " + check.status());
    }

    private void row(String type, String name, List<String> tags, int points, String value) {
        if (rows.isEmpty()) {
            rows.add(List.of("TYPE", "NAME", "TAGS", "POINTS", "VALUE"));
        }
        rows.add(List.of(type, name, String.join(" ", tags), Integer.toString(points), value));
    }

    private void table() {
        int[] widths = new int[5];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.clamp(row.get(i).length(), widths[i], Math.max(widths[i], 48));
            }
        }
        int shown = Math.min(rows.size(), MAX_ROWS);
        out.append(rows.isEmpty() ? "" : "\n");
        for (List<String> row : rows.subList(0, shown)) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                line.append(row.get(i))
                        .repeat(' ', Math.max(2, widths[i] - row.get(i).length() + 2));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        if (shown < rows.size()) {
            out.append("… and ").append(rows.size() - shown).append(" more\n");
        }
    }

    private void duplicates(List<Duplicate> duplicates) {
        long same = duplicates.stream().filter(Duplicate::same).count();
        if (!duplicates.isEmpty()) {
            out.append('\n')
                    .append(number(duplicates.size(), "point"))
                    .append(" came more than once: ")
                    .append(same);
            out.append(" with the same value, ")
                    .append(duplicates.size() - same)
                    .append(" with a newer one\n");
        }
    }

    private void problems(List<String> problems) {
        if (!problems.isEmpty()) {
            out.append('\n').append(number(problems.size(), "problem")).append(":\n");
            problems.stream()
                    .limit(MAX_PROBLEMS)
                    .forEach(problem -> out.append("  ").append(problem).append('\n'));
        }
    }

    private static String number(long n, String noun) {
        return n + " " + noun + (n == 1 ? "" : "s");
    }
}
