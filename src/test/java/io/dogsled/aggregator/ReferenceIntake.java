package io.dogsled.aggregator;

import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.SketchPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an intake shows that keeps the last scalar sent for a second and adds sketches up, once as the batches make it
 * ({@link #receive}), once as it should be, from every sample ({@link #expect}). As plain as possible: maps of texts.
 */
final class ReferenceIntake {
    final Map<String, String> shown = new HashMap<>();
    private final Map<String, TreeMap<Integer, Long>> shownBins = new HashMap<>();
    private final Map<String, Double> shownSums = new HashMap<>();

    private final Map<String, List<double[]>> values = new HashMap<>();
    private final Map<String, Set<String>> members = new HashMap<>();

    /** Takes a batch in; returns the keys it touched. */
    Set<String> receive(MetricBatch batch) {
        Set<String> touched = new HashSet<>();
        for (SeriesPoint point : batch.series()) {
            for (SeriesPoint.Value value : point.values()) {
                String key =
                        value.kind() + " " + value.metric() + point.context().tags() + " " + point.timestampS();
                shown.put(key, Double.toString(value.value()));
                touched.add(key);
            }
        }
        for (SketchPoint point : batch.sketches()) {
            String key = "SKETCH " + point.context().name() + point.context().tags() + " " + point.timestampS();
            TreeMap<Integer, Long> bins = shownBins.computeIfAbsent(key, absent -> new TreeMap<>());
            for (int i = 0; i < point.sketch().bins(); i++) {
                bins.merge(point.sketch().key(i), (long) point.sketch().binCount(i), Long::sum);
            }
            shown.put(key, shownSums.merge(key, point.sketch().sum(), Double::sum) + " " + bins);
            touched.add(key);
        }
        return touched;
    }

    /** Notes a sample: of a number with its weight, or of a set's member. */
    void expect(String type, String name, long second, String value, double rate) {
        String key = type + " " + name + " " + second;
        if (type.equals("s")) {
            members.computeIfAbsent(key, absent -> new HashSet<>()).add(value);
        } else {
            values.computeIfAbsent(key, absent -> new ArrayList<>())
                    .add(new double[] {Double.parseDouble(value), 1 / rate});
        }
    }

    /** Everything an intake should show of the samples noted. */
    Map<String, String> expected() {
        Map<String, String> expected = new HashMap<>();
        members.forEach((key, set) -> expected.put("GAUGE " + key.substring(2), Double.toString(set.size())));
        values.forEach((key, list) -> addExpected(expected, key.charAt(0), key.substring(2), list));
        return expected;
    }

    private static void addExpected(Map<String, String> expected, char type, String key, List<double[]> list) {
        double sum = 0;
        TreeMap<Integer, Long> bins = new TreeMap<>();
        for (double[] value : list) {
            sum += value[0] * value[1];
            bins.merge(key(value[0]), (long) value[1], Long::sum);
        }
        switch (type) {
            case 'c' -> expected.put("COUNT " + key, Double.toString(sum));
            case 'g' -> expected.put("GAUGE " + key, Double.toString(list.getLast()[0]));
            case 'd' -> expected.put("SKETCH " + key, sum + " " + bins);
            default -> addHistogram(expected, key, list, sum);
        }
    }

    private static void addHistogram(Map<String, String> expected, String key, List<double[]> list, double sum) {
        List<Double> all = new ArrayList<>();
        for (double[] value : list) {
            all.addAll(Collections.nCopies((int) value[1], value[0]));
        }
        Collections.sort(all);
        int split = key.indexOf('[');
        String name = "GAUGE " + key.substring(0, split);
        String rest = key.substring(split);
        expected.put(name + ".max" + rest, Double.toString(all.getLast()));
        expected.put(name + ".median" + rest, Double.toString(all.get((all.size() - 1) / 2)));
        expected.put(name + ".avg" + rest, Double.toString(sum / all.size()));
        expected.put(name + ".95percentile" + rest, Double.toString(all.get((95 * all.size() - 1) / 100)));
        expected.put("COUNT " + key.substring(0, split) + ".count" + rest, Double.toString(all.size()));
    }

    /** The formula of protocol.md §3.2, written a second time. */
    private static int key(double value) {
        if (value < 0) {
            return -key(-value);
        }
        return value == 0 ? 0 : (int) Math.rint(Math.log(value) / Math.log1p(1.0 / 64)) + 1338;
    }

    /** The first of what differs between what is shown and what should be, for a person. */
    List<String> differences() {
        Map<String, String> expected = expected();
        TreeSet<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(shown.keySet());
        List<String> differences = new ArrayList<>();
        for (String key : keys) {
            if (differences.size() < 20 && !String.valueOf(expected.get(key)).equals(shown.get(key))) {
                differences.add(key + ": shown " + shown.get(key) + ", should be " + expected.get(key));
            }
        }
        return differences;
    }
}
