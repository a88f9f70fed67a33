package io.dogsled.it.flush;

import io.dogsled.testserver.DecodedPayload.Event;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.IntakeView.Scalar;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How much of what was sent an intake shows, in samples. Of a gauge nobody outside can always tell how many samples a missing point
 * stood for, when a sample may have fallen into either of two buckets; so there is a least and a most.
 *
 * @param missing by type, what is missing for certain
 * @param most missing at the most, of all types together
 * @param surplus sketches' values, events and checks that are there more often than they were sent; of scalars too, which must not be
 */
public record Arrival(Map<String, Long> missing, long most, Map<String, Long> surplus) {
    private static final long BUCKET_S = 10;

    public static Arrival of(Sent sent, IntakeView intake) {
        Tally tally = new Tally(sent.batches(), intake);
        long batches = sent.batches().size();
        tally.compare("count", batches, total(intake.counts(), "flush.count"));
        tally.compare("histogram", batches, total(intake.counts(), "flush.histogram.count"));
        tally.compare("timing", batches, total(intake.counts(), "flush.timing.count"));
        tally.compare("set", batches, total(intake.gauges(), "flush.set"));
        tally.compare(
                "distribution",
                batches,
                intake.sketchTotal("flush.distribution").cnt());
        tally.compare("burst", sent.burst(), total(intake.counts(), "flush.burst"));
        tally.compare("aged", sent.aged(), total(intake.counts(), "flush.aged"));
        tally.gauge();
        tally.events(sent.flood());
        tally.checks(sent.flood());
        return new Arrival(tally.missing, tally.most, tally.surplus);
    }

    public long least() {
        return missing.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How much there is too much of. */
    long timesTwice() {
        return surplus.values().stream().mapToLong(Long::longValue).sum();
    }

    /** As far as can be told; what came with the gauge, in the same batch, can be told for certain. */
    public boolean isComplete() {
        return missing.isEmpty();
    }

    private static long total(List<Scalar> scalars, String metric) {
        return Math.round(scalars.stream()
                .filter(scalar -> scalar.context().metric().equals(metric))
                .mapToDouble(Scalar::total)
                .sum());
    }

    private static final class Tally {
        private final Map<String, Long> missing = new LinkedHashMap<>();
        private final Map<String, Long> surplus = new LinkedHashMap<>();
        private final List<Sent.Batch> batches;
        private final IntakeView intake;
        private long most;

        Tally(List<Sent.Batch> batches, IntakeView intake) {
            this.batches = batches;
            this.intake = intake;
        }

        void compare(String type, long sent, long arrived) {
            between(type, Math.max(0, sent - arrived), Math.max(0, sent - arrived));
            if (arrived > sent) {
                surplus.put(type, arrived - sent);
            }
        }

        /** A point of a bucket stands for all samples that fell into it up to its value. */
        void gauge() {
            Map<Long, Double> points = new TreeMap<>();
            intake.gauges().stream()
                    .filter(scalar -> scalar.context().metric().equals("flush.gauge"))
                    .forEach(scalar ->
                            scalar.points().forEach((atS, value) -> points.merge(atS / BUCKET_S, value, Math::max)));
            long least = 0;
            long maybe = 0;
            for (Sent.Batch batch : batches) {
                boolean all = true;
                boolean any = false;
                for (long at = batch.fromS() / BUCKET_S; at <= toBucket(batch); at++) {
                    boolean there = points.getOrDefault(at, -1.0) >= batch.number();
                    all &= there;
                    any |= there;
                }
                least += any ? 0 : 1;
                maybe += all ? 0 : 1;
            }
            between("gauge", least, maybe);
        }

        private static long toBucket(Sent.Batch batch) {
            long toS = batch.toS() == Long.MAX_VALUE ? System.currentTimeMillis() / 1_000 : batch.toS();
            return toS / BUCKET_S;
        }

        void events(long flood) {
            Set<String> texts = new HashSet<>();
            long all = 0;
            long floods = 0;
            for (Event event : intake.events()) {
                if (event.title().equals("flush.event")) {
                    texts.add(event.text());
                    all++;
                } else if (event.title().equals("flush.flood")) {
                    floods++;
                }
            }
            compare("flood of events", flood, floods);
            distinct("event", texts.size(), all);
        }

        void checks(long flood) {
            Set<List<String>> tags = new HashSet<>();
            long all = 0;
            long floods = 0;
            for (var check : intake.checks()) {
                if (check.name().equals("flush.check")) {
                    tags.add(check.tags());
                    all++;
                } else if (check.name().equals("flush.flood")) {
                    floods++;
                }
            }
            compare("flood of checks", flood, floods);
            distinct("check", tags.size(), all);
        }

        private void distinct(String type, long different, long all) {
            between(type, batches.size() - different, batches.size() - different);
            if (all > different) {
                surplus.put(type, all - different);
            }
        }

        private void between(String type, long least, long maybe) {
            if (least > 0) {
                missing.put(type, least);
            }
            most += maybe;
        }
    }
}
