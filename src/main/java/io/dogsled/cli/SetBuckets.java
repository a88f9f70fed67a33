package io.dogsled.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many different values a set must show in each 10 s bucket.
 *
 * <p>A set is counted anew in every bucket, and a sample belongs to the bucket in which the extension received it. Of a sample
 * that was emitted across a boundary nobody outside can tell which one that was, so it may count in both, and a bucket has a
 * least and a most number of values. Away from the boundaries the two are the same. The first bucket of an engine begins at the
 * engine's own second (docs/decisions/016), so what arrived belongs to the 10 s around its time.
 */
final class SetBuckets {
    private static final long BUCKET_S = 10;

    private final Map<Long, Set<String>> certain = new TreeMap<>();
    private final Map<Long, Set<String>> possible = new TreeMap<>();

    private SetBuckets() {}

    static SetBuckets of(List<EmittedSample> samples) {
        SetBuckets buckets = new SetBuckets();
        for (EmittedSample sample : samples) {
            String value = sample.value().asText();
            long from = sample.fromS() / BUCKET_S * BUCKET_S;
            long to = sample.toS() / BUCKET_S * BUCKET_S;
            if (from == to) {
                buckets.certain.computeIfAbsent(from, at -> new HashSet<>()).add(value);
            }
            for (long at = from; at <= to; at += BUCKET_S) {
                buckets.possible.computeIfAbsent(at, bucket -> new HashSet<>()).add(value);
            }
        }
        return buckets;
    }

    /** True if every bucket shows a possible number, no other bucket arrived, and no value is missing altogether. */
    boolean matches(Map<Long, Double> points) {
        Map<Long, Double> arrived = byBucket(points);
        if (!possible.keySet().containsAll(arrived.keySet())) {
            return false;
        }
        for (Map.Entry<Long, Set<String>> bucket : possible.entrySet()) {
            double shown = arrived.getOrDefault(bucket.getKey(), 0.0);
            int least = certain.getOrDefault(bucket.getKey(), Set.of()).size();
            if (shown < least || shown > bucket.getValue().size()) {
                return false;
            }
        }
        double sum = arrived.values().stream().mapToDouble(Double::doubleValue).sum();
        return sum >= different();
    }

    /** {@code per bucket: 2, 1}, with the possible numbers where they are not certain. */
    String emitted() {
        return "per bucket: " + possible.entrySet().stream().map(this::range).collect(Collectors.joining(", "));
    }

    String describe(Map<Long, Double> points) {
        Map<Long, Double> arrived = byBucket(points);
        String perBucket = possible.keySet().stream()
                .map(at -> Comparison.number(arrived.getOrDefault(at, 0.0)))
                .collect(Collectors.joining(", "));
        return "per bucket: " + perBucket;
    }

    private static Map<Long, Double> byBucket(Map<Long, Double> points) {
        Map<Long, Double> buckets = new TreeMap<>();
        points.forEach((atS, value) -> buckets.merge(atS / BUCKET_S * BUCKET_S, value, Math::max));
        return buckets;
    }

    private String range(Map.Entry<Long, Set<String>> bucket) {
        int least = certain.getOrDefault(bucket.getKey(), Set.of()).size();
        int most = bucket.getValue().size();
        return least == most ? Integer.toString(most) : least + "-" + most;
    }

    private long different() {
        return possible.values().stream().flatMap(Set::stream).distinct().count();
    }
}
