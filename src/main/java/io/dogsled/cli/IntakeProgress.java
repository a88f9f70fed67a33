package io.dogsled.cli;

import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.ReceivedPayload;
import io.dogsled.testserver.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What happened at the intake since one looked last. Used by one thread. */
final class IntakeProgress {
    private final TestServer server;
    private int seen;
    private int refused;

    IntakeProgress(TestServer server) {
        this.server = server;
    }

    /** What arrived since the last call, in a few words; the time of the last request is counted from {@code since}, if known. */
    String next(Optional<Instant> since) {
        List<ReceivedPayload> all = server.payloads();
        List<ReceivedPayload> fresh = all.subList(Math.min(seen, all.size()), all.size());
        int refusedNow = server.retried() + server.failed() + server.aborted();
        List<String> parts = new ArrayList<>();
        if (!fresh.isEmpty()) {
            parts.add(fresh.size() + " req: " + describe(fresh)
                    + since.map(from -> after(fresh.getLast(), from)).orElse(""));
        }
        if (refusedNow > refused) {
            parts.add(refusedNow - refused + " req refused");
        }
        seen = all.size();
        refused = refusedNow;
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static String describe(List<ReceivedPayload> payloads) {
        int series = 0;
        int sketches = 0;
        int events = 0;
        int checks = 0;
        for (ReceivedPayload payload : payloads) {
            DecodedPayload decoded = payload.decoded();
            series += decoded.series().size();
            sketches += decoded.sketches().size();
            events += decoded.events().size();
            checks += decoded.checks().size();
        }
        List<String> parts = new ArrayList<>();
        parts.add(series + " series");
        add(parts, sketches, "sketch");
        add(parts, events, "event");
        add(parts, checks, "check");
        return String.join(" ", parts);
    }

    private static void add(List<String> parts, int count, String noun) {
        if (count > 0) {
            parts.add(plural(count, noun));
        }
    }

    private static String plural(int count, String noun) {
        String ending = noun.endsWith("h") ? "es" : "s";
        return count + " " + noun + (count == 1 ? "" : ending);
    }

    private static String after(ReceivedPayload last, Instant since) {
        long ms = Duration.between(since, last.receivedAt()).toMillis();
        return ms < 0 ? "" : " +" + ms + " ms";
    }
}
