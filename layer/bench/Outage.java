import io.dogsled.testserver.Schedule;
import io.dogsled.testserver.TestServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The outage that is plotted: {@value #WELL_S} s well, {@value #OUT_S} s not, {@value #AGAIN_S} s well again, an invocation every
 * {@value #EVERY_MS} ms. One strategy after the other, each with a sandbox and an intake of its own.
 */
final class Outage {
    static final int WELL_S = 10;
    static final int OUT_S = 20;
    static final int AGAIN_S = 30;
    private static final int EVERY_MS = 250;
    private static final int WARM = 5;

    private Outage() {}

    /**
     * What one strategy did.
     *
     * @param atS seconds since the beginning, of each invocation
     * @param afterMs its post-runtime time
     * @param ageAtS seconds since the beginning, every tenth of a second
     * @param ageS the age of the oldest value that had not arrived at the intake by then
     * @param recoveredS seconds from the end of the outage until everything emitted in it was at the intake
     */
    record Course(String strategy, List<Double> atS, List<Double> afterMs, List<Double> ageAtS, List<Double> ageS, double recoveredS) {}

    static void play(Path target, Path plot, List<String> strategies, String fault, Consumer<String> say) throws Exception {
        List<Course> courses = new ArrayList<>();
        say.accept("| strategy | after `runtimeDone`, ms, well: p50 | in the outage: p50 | max | oldest value, s: well | at the outage's end"
                + " | everything delivered after the outage's end, s |");
        say.accept("|---|---|---|---|---|---|---|");
        for (String strategy : strategies) {
            Course course = course(target, strategy, fault);
            courses.add(course);
            say.accept(row(course));
        }
        OutagePlot.write(plot, fault, courses);
    }

    private static Course course(Path target, String strategy, String fault) throws Exception {
        Schedule schedule = Schedule.parse(fault + " from " + WELL_S + " to " + (WELL_S + OUT_S));
        try (TestServer intake = TestServer.newTestServer();
                FlushRun run = new FlushRun(target, intake, strategy)) {
            for (int i = 0; i < WARM; i++) {
                run.invoke(-1 - i);
                Thread.sleep(EVERY_MS);
            }
            run.samples().clear();
            intake.play(schedule);
            long zeroMs = System.currentTimeMillis();
            long endMs = zeroMs + (WELL_S + OUT_S + AGAIN_S) * 1000L;
            for (int i = 0; System.currentTimeMillis() < endMs; i++) {
                run.invoke(i);
                Thread.sleep(EVERY_MS - (System.currentTimeMillis() - zeroMs) % EVERY_MS); // a slot that is missed is left out
            }
            run.shutdown();
            return course(strategy, run, zeroMs, endMs);
        }
    }

    private static Course course(String strategy, FlushRun run, long zeroMs, long endMs) {
        Map<Integer, Long> arrivals = run.arrivals();
        List<Double> at = run.samples().stream().map(sample -> (sample.startedMs() - zeroMs) / 1e3).toList();
        List<Double> after = run.samples().stream().map(FlushRun.Sample::afterMs).toList();
        List<Double> ageAt = new ArrayList<>();
        List<Double> age = new ArrayList<>();
        for (long ms = zeroMs; ms < endMs; ms += 100) {
            long oldest = ms;
            for (FlushRun.Sample sample : run.samples()) {
                if (sample.emittedMs() < oldest && arrivals.getOrDefault(sample.number(), Long.MAX_VALUE) > ms) {
                    oldest = sample.emittedMs();
                }
            }
            ageAt.add((ms - zeroMs) / 1e3);
            age.add((ms - oldest) / 1e3);
        }
        long wellMs = zeroMs + (WELL_S + OUT_S) * 1000L;
        double recovered = 0;
        for (FlushRun.Sample sample : run.samples()) {
            if (sample.emittedMs() < wellMs) {
                long arrival = arrivals.getOrDefault(sample.number(), Long.MAX_VALUE);
                recovered = Math.max(recovered, arrival == Long.MAX_VALUE ? Double.POSITIVE_INFINITY : (arrival - wellMs) / 1e3);
            }
        }
        return new Course(strategy, at, after, ageAt, age, recovered);
    }

    private static String row(Course course) {
        List<Double> well = new ArrayList<>();
        List<Double> out = new ArrayList<>();
        for (int i = 0; i < course.atS().size(); i++) {
            double at = course.atS().get(i);
            (at >= WELL_S && at < WELL_S + OUT_S ? out : well).add(course.afterMs().get(i));
        }
        int end = (WELL_S + OUT_S) * 10 - 1;
        double wellAge = Plot.percentile(course.ageS().subList(0, WELL_S * 10), 100);
        return String.join(
                " | ",
                "| `" + course.strategy() + "`",
                Flush.ms(Plot.percentile(well, 50)),
                Flush.ms(Plot.percentile(out, 50)),
                Flush.ms(Plot.percentile(out, 100)),
                Flush.seconds(wellAge),
                Flush.seconds(course.ageS().get(end)),
                (Double.isInfinite(course.recoveredS()) ? "not at all" : Flush.seconds(course.recoveredS())) + " |");
    }
}
