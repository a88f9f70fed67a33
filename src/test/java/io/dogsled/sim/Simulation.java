package io.dogsled.sim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code make simulate}: {@code Simulation docs/simulation.md docs/plots/simulation.svg 10000 1}: page, plot, sandboxes, seed. Plays every
 * scenario with every strategy and writes the tables into the page, between its two marks, and the plot. The same seed gives the same bytes.
 */
public final class Simulation {
    private static final String FROM = "<!-- from here on written by make simulate -->";
    private static final String TO = "<!-- until here -->";

    /** One table: how many sandboxes, as a part of those asked for (the whole of them is what the plot shows), and what happens to them. */
    private record Scenario(String title, int part, Traffic traffic, Intake.Fault fault) {}

    private static final List<Scenario> SCENARIOS = List.of(
            new Scenario("Poisson arrivals, ten minutes of 500s", 1, Traffic.POISSON, Intake.Fault.ERRORS),
            new Scenario("Poisson arrivals, ten minutes without any answer", 20, Traffic.POISSON, Intake.Fault.SILENCE),
            new Scenario("Poisson arrivals, ten minutes of answers after 10 s", 20, Traffic.POISSON, Intake.Fault.SLOW),
            new Scenario("Bursts and pauses, ten minutes of 500s", 20, Traffic.BURSTY, Intake.Fault.ERRORS),
            new Scenario(
                    "An invocation each three seconds, ten minutes of 500s", 20, Traffic.STEADY, Intake.Fault.ERRORS));

    private Simulation() {}

    public static void main(String[] args) throws IOException {
        Path page = Path.of(args[0]);
        int sandboxes = Integer.parseInt(args[2]);
        long seed = Long.parseLong(args[3]);
        StringBuilder text = new StringBuilder();
        for (Scenario scenario : SCENARIOS) {
            Plan plan = Plan.halfAnHour(scenario.traffic, scenario.fault, sandboxes / scenario.part, seed);
            List<Row> rows = play(plan);
            if (scenario.part == 1) {
                chart(Path.of(args[1]), rows);
            }
            String table = table(scenario, plan, rows);
            System.out.print(table);
            text.append(table);
        }
        replace(page, text.toString());
    }

    private static List<Row> play(Plan plan) {
        List<Row> rows = new ArrayList<>();
        for (Kind kind : Kind.all()) {
            long startNs = System.nanoTime();
            rows.add(new Row(kind.name(), plan, World.play(plan, kind.maker())));
            System.err.printf(Locale.ROOT, "%s: %.1f s%n", kind.name(), (System.nanoTime() - startNs) / 1e9);
        }
        return rows;
    }

    private static void chart(Path file, List<Row> rows) throws IOException {
        List<Boolean> models = new ArrayList<>();
        for (Kind kind : Kind.all()) {
            models.add(kind.model());
        }
        Chart.write(file, "Requests per second at the intake, ten minutes of 500s", rows, models);
    }

    private static String table(Scenario scenario, Plan plan, List<Row> rows) {
        StringBuilder table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "%n### %s%n%n", scenario.title));
        table.append(String.format(
                Locale.ROOT,
                "%,d sandboxes, seed %d; %,d invocations with the first strategy.%n%n",
                plan.sandboxes(),
                plan.seed(),
                rows.getFirst().meter().invocations()));
        table.append(Row.head());
        for (Row row : rows) {
            table.append(row.line());
        }
        return table.toString();
    }

    private static void replace(Path page, String text) throws IOException {
        String old = Files.readString(page, StandardCharsets.UTF_8);
        int from = old.indexOf(FROM);
        int to = old.indexOf(TO);
        if (from < 0 || to < from) {
            throw new IOException(page + " lacks the marks between which the tables belong");
        }
        Files.writeString(page, old.substring(0, from + FROM.length()) + "\n" + text + "\n" + old.substring(to));
    }
}
