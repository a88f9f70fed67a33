package io.dogsled.cli;

import io.dogsled.cli.ReplayIntake.Result;
import io.dogsled.cli.ReplayPart.Kind;
import io.dogsled.testserver.DecodedPayload;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeSet;

/** What was found and what became of it, for people. One thread. */
final class ReplayReport {
    /** Datadog takes metrics of the last hour, older ones only where historical metrics are switched on. */
    private static final long TAKEN_S = 3_600;

    private final PrintWriter out;
    private final long nowS;
    private final Map<Kind, Found> found = new EnumMap<>(Kind.class);
    private long letters;
    private long delivered;
    private long perhapsTwice;
    private long before;
    private long notDelivered;
    private long old;
    private boolean forbidden;

    ReplayReport(PrintWriter out, long nowS) {
        this.out = out;
        this.nowS = nowS;
    }

    void damaged(String where, String why) {
        out.println("damaged: " + where + ": " + why);
    }

    void found(ReplayLetter letter) {
        letters++;
        DecodedPayload decoded = letter.decoded();
        LongSummaryStatistics times = ReplayLetter.times(decoded);
        found.computeIfAbsent(letter.kind(), kind -> new Found()).add(decoded, times);
        if (times.getCount() > 0 && times.getMin() < nowS - TAKEN_S) {
            old++;
        }
    }

    /** For {@code --dry-run}. */
    void show(ReplayLetter letter) {
        out.println("letter " + letter.id() + ", " + letter.kind().word() + ", " + letter.body().length + " bytes");
        letter.text().lines().forEach(line -> out.println("  " + line));
    }

    /** It was delivered by an earlier run. */
    void before() {
        before++;
    }

    /** Nothing was asked any more. */
    void notTried() {
        notDelivered++;
    }

    void sent(ReplayLetter letter, Result result) {
        switch (result.outcome()) {
            case DELIVERED -> delivered++;
            case PERHAPS_TWICE -> {
                delivered++;
                perhapsTwice++;
                say(letter, "delivered, but perhaps twice: an answer was lost before");
            }
            case REFUSED -> {
                notDelivered++;
                say(letter, "refused: " + result.reason());
            }
            case FORBIDDEN -> {
                notDelivered++;
                forbidden = true;
                say(letter, "the API key is not accepted (403); nothing more is sent. Check DD_API_KEY and the site");
            }
            case GIVEN_UP -> {
                notDelivered++;
                say(letter, "given up: " + result.reason());
            }
        }
    }

    /** {@code address}: {@code ""} = nothing was sent. */
    void end(ReplayLetters read, String address) {
        read.incomplete().forEach((id, missing) -> out.println("incomplete: letter " + id + ": " + missing));
        if (letters == 0 && isComplete(read)) {
            out.println("No dead letters were found.");
            return;
        }
        out.println(letters + " whole " + (letters == 1 ? "letter" : "letters") + " in " + read.parts() + " lines ("
                + read.repeated() + " of them repeated), " + read.incomplete().size() + " incomplete, "
                + read.damaged() + " damaged");
        found.forEach((kind, what) -> out.println("  " + kind.word() + ": " + what.line()));
        if (!address.isEmpty()) {
            out.println("delivered " + delivered + (perhapsTwice > 0 ? " (" + perhapsTwice + " perhaps twice)" : "")
                    + ", not delivered " + notDelivered + ", delivered before " + before + "; to " + address);
        }
        if (old > 0) {
            out.println(
                    "note: " + old + " of the letters hold values older than an hour. Datadog takes those of a metric"
                            + " only if its historical metrics are switched on, and says nothing if it drops them.");
        }
    }

    /** Whether nothing is left to be wished for. */
    boolean isComplete(ReplayLetters read) {
        return notDelivered == 0
                && !forbidden
                && read.damaged() == 0
                && read.incomplete().isEmpty();
    }

    private void say(ReplayLetter letter, String what) {
        out.println("letter " + letter.id() + " (" + letter.kind().word() + "): " + what);
    }

    /** What was found of one kind. */
    private static final class Found {
        private final TreeSet<String> names = new TreeSet<>();
        private final LongSummaryStatistics times = new LongSummaryStatistics();
        private long letters;

        void add(DecodedPayload decoded, LongSummaryStatistics own) {
            letters++;
            times.combine(own);
            decoded.series().forEach(series -> names.add(series.metric()));
            decoded.sketches().forEach(sketch -> names.add(sketch.metric()));
            decoded.events().forEach(event -> names.add(event.title()));
            decoded.checks().forEach(check -> names.add(check.name()));
        }

        String line() {
            return letters + (letters == 1 ? " letter, " : " letters, ") + times.getCount() + " values of "
                    + names.size()
                    + (names.size() == 1 ? " name" : " names")
                    + (times.getCount() == 0
                            ? ""
                            : ", " + Instant.ofEpochSecond(times.getMin()) + " to "
                                    + Instant.ofEpochSecond(times.getMax()));
        }
    }
}
