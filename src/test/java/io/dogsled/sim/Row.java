package io.dogsled.sim;

import java.util.Locale;

/** One strategy's line of the table. */
record Row(String name, Plan plan, Meter meter) {
    static String head() {
        return """
                | strategy | requests/s: normal | in the outage | busiest second after it | **÷ normal** | billed after the function, ms per million invocations: normal | in the outage | age of data, normal: mean, p99 | all of the run: mean, p99 | delivered | left as dead letters | lost | perhaps twice | functions killed |
                |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
                """;
    }

    /** Requests per second in normal life. */
    double normal() {
        return meter.rate(plan.normalFromMs(), plan.fromMs());
    }

    /** The busiest second after the outage. */
    int peak() {
        return meter.peak(plan.toMs(), plan.endMs());
    }

    /** The same as a multiple of normal life. */
    double storm() {
        return peak() / normal();
    }

    String line() {
        Ages normal = meter.ages(Meter.Phase.NORMAL);
        Ages all = meter.ages();
        return String.format(
                Locale.ROOT,
                "| %s | %,.0f | %,.0f | %,d | **%.2f** | %s | %s | %s, %s | %s, %s | %s | %s | %s | %s | %,d |%n",
                name,
                normal(),
                meter.rate(plan.fromMs(), plan.toMs()),
                peak(),
                storm(),
                billed(Meter.Phase.NORMAL),
                billed(Meter.Phase.OUTAGE),
                age(normal.meanMs()),
                age(normal.percentileMs(0.99)),
                age(all.meanMs()),
                age(all.percentileMs(0.99)),
                share(meter.delivered()),
                share(meter.deadLettered()),
                share(meter.lost()),
                share(meter.twice()),
                meter.kills());
    }

    private String billed(Meter.Phase phase) {
        return String.format(Locale.ROOT, "%,.0f", meter.heldMs(phase) * 1e6);
    }

    private String share(long samples) {
        return samples == 0 ? "0" : String.format(Locale.ROOT, "%.2f %%", 100.0 * samples / meter.emitted());
    }

    private static String age(double ms) {
        if (ms < 1_000) {
            return String.format(Locale.ROOT, "%.0f ms", ms);
        }
        return String.format(Locale.ROOT, ms < 100_000 ? "%.1f s" : "%.0f s", ms / 1_000);
    }
}
