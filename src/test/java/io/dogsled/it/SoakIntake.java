package io.dogsled.it;

import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.TestServer;
import java.util.HashMap;
import java.util.Map;

/**
 * What arrived in a run that is too long for its payloads to be kept: they are added up from time to time, as an intake would
 * (the last value of a point of a counter, the sum of sketches), and forgotten.
 */
final class SoakIntake {
    private final TestServer server;
    private final Map<String, Map<Long, Double>> counts = new HashMap<>();
    private final Map<String, Long> sketches = new HashMap<>();
    private long events;
    private long checks;

    SoakIntake(TestServer server) {
        this.server = server;
    }

    /** Takes over what is there; only while nothing is on its way. */
    void takeOver() {
        IntakeView view = server.intake();
        if (!view.problems().isEmpty() || server.forgotten() > 0) {
            throw new IllegalStateException(server.forgotten() + " forgotten, " + view.problems());
        }
        server.reset();
        for (IntakeView.Scalar count : view.counts()) {
            counts.computeIfAbsent(count.context().toString(), context -> new HashMap<>())
                    .putAll(count.points());
        }
        for (IntakeView.Distribution sketch : view.sketches()) {
            sketches.merge(sketch.context().metric(), sketch.total().cnt(), Long::sum);
        }
        events += view.events().size();
        checks += view.checks().size();
    }

    /** The sum of all points of a counter, whatever its tags. */
    long count(String metric) {
        double total = 0;
        for (Map.Entry<String, Map<Long, Double>> context : counts.entrySet()) {
            if (context.getKey().startsWith(metric + "[")) {
                for (double value : context.getValue().values()) {
                    total += value;
                }
            }
        }
        return Math.round(total);
    }

    /** Values in all sketches of a distribution. */
    long values(String metric) {
        return sketches.getOrDefault(metric, 0L);
    }

    long events() {
        return events;
    }

    long checks() {
        return checks;
    }
}
