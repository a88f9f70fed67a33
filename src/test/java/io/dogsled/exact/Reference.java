package io.dogsled.exact;

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
 * What an intake must show in the end, from the datagrams alone: every number ever sent for a series and a second is in
 * one list, and each list is worked out at once. No buckets, no flushes, no deliveries; flushes count in one place only,
 * where the count mode {@code distribution} makes one value of what was counted since the last.
 */
final class Reference {
    private final String countMode;
    private final boolean copies;
    private final Map<String, List<double[]>> values = new HashMap<>();
    private final Map<String, Set<String>> members = new HashMap<>();
    private final Map<String, Double> counted = new HashMap<>();
    final Set<String> events = new HashSet<>();
    final Set<String> checks = new HashSet<>();
    long samples;
    long notFinite;
    long rejected;

    /** {@code copies}: whether histograms also go out as distributions. */
    Reference(String countMode, boolean copies) {
        this.countMode = countMode;
        this.copies = copies;
    }

    void datagram(String text, long nowS) {
        for (String line : text.split("\r?\n|\r\\z", -1)) {
            if (line.startsWith("_e{") && !line.contains("bad")) {
                events.add(line.split("[:|]", -1)[1]);
                samples++;
            } else if (line.startsWith("_sc|check")) {
                checks.add(line.split("\\|", -1)[1] + " " + line.split("\\|", -1)[2]);
                samples++;
            } else if (line.startsWith("bad") || line.startsWith("_") || line.equals("\r")) {
                rejected++;
            } else if (!line.isEmpty()) {
                metric(line, nowS);
            }
        }
    }

    void flush() {
        counted.forEach((key, sum) -> add("d " + key, sum, 1));
        counted.clear();
    }

    private void metric(String line, long nowS) {
        String[] fields = line.split("\\|", -1);
        double weight = 1;
        String tags = "[]";
        String type = fields[1].equals("ms") ? "h" : fields[1];
        long second = nowS - nowS % 10;
        for (int i = 2; i < fields.length; i++) {
            switch (fields[i].charAt(0)) {
                case '@' -> weight = weight(Double.parseDouble(fields[i].substring(1)));
                case '#' -> tags = tags(fields[i].substring(1));
                default -> {
                    second = Long.parseLong(fields[i].substring(1));
                    second = type.equals("c") || type.equals("g") ? second : second - second % 10;
                }
            }
        }
        String[] parts = fields[0].split(":", 2);
        String key = parts[0] + tags + " " + second;
        for (String value : type.equals("s") ? new String[] {parts[1]} : parts[1].split(":", -1)) {
            samples++;
            sample(type, key, value, weight);
        }
    }

    private void sample(String type, String key, String value, double weight) {
        if (type.equals("s")) {
            members.computeIfAbsent(key, absent -> new HashSet<>()).add(value);
        } else if (value.equals("nan") || value.equals("-Inf")) {
            notFinite++;
        } else if (type.equals("c") && countMode.equals("distribution")) {
            counted.merge(key, Double.parseDouble(value) * weight, Double::sum);
        } else {
            add(type + " " + key, Double.parseDouble(value), weight);
            if (copies && type.equals("h")) {
                add("d " + Machine.COPY_PREFIX + key, Double.parseDouble(value), weight);
            }
        }
    }

    private void add(String key, double value, double weight) {
        values.computeIfAbsent(key, absent -> new ArrayList<>()).add(new double[] {value, weight});
    }

    private static double weight(double rate) {
        return rate > 0 && rate <= 1 ? 1 / rate : 1;
    }

    private static String tags(String text) {
        TreeSet<String> tags = new TreeSet<>(List.of(text.split(",", -1)));
        tags.remove("");
        tags.remove("host:h");
        return tags.toString();
    }

    /** Key by key what {@link Intake#shown} should be. */
    Map<String, String> expected() {
        Map<String, String> expected = new TreeMap<>();
        members.forEach((key, set) -> expected.put("GAUGE " + key, Double.toString(set.size())));
        values.forEach((key, list) -> addExpected(expected, key.charAt(0), key.substring(2), list));
        return expected;
    }

    private void addExpected(Map<String, String> expected, char type, String key, List<double[]> list) {
        double sum = 0;
        for (double[] value : list) {
            sum += value[0] * value[1];
        }
        switch (type) {
            case 'c' ->
                expected.put(
                        (countMode.equals("rate") ? "RATE " : "COUNT ") + key,
                        Double.toString(countMode.equals("rate") ? sum / 10 : sum));
            case 'g' -> expected.put("GAUGE " + key, Double.toString(list.getLast()[0]));
            case 'd' -> expected.put("SKETCH " + key, sketch(list, sum));
            default -> addHistogram(expected, key, list, sum);
        }
    }

    private static String sketch(List<double[]> list, double sum) {
        TreeMap<Integer, Long> bins = new TreeMap<>();
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (double[] value : list) {
            bins.merge(key(value[0]), (long) value[1], Long::sum);
            min = Math.min(min, value[0]);
            max = Math.max(max, value[0]);
        }
        return Intake.text(min, max, sum, bins);
    }

    private void addHistogram(Map<String, String> expected, String key, List<double[]> list, double sum) {
        List<Double> all = new ArrayList<>();
        for (double[] value : list) {
            all.addAll(Collections.nCopies((int) value[1], value[0]));
        }
        Collections.sort(all);
        int split = key.indexOf('[');
        String name = "GAUGE " + key.substring(0, split);
        String rest = key.substring(split);
        expected.put(name + ".max" + rest, Double.toString(all.getLast()));
        expected.put(name + ".min" + rest, Double.toString(all.getFirst()));
        expected.put(name + ".sum" + rest, Double.toString(sum));
        expected.put(name + ".median" + rest, Double.toString(all.get((all.size() - 1) / 2)));
        expected.put(name + ".avg" + rest, Double.toString(sum / all.size()));
        expected.put(name + ".50percentile" + rest, Double.toString(all.get((50 * all.size() - 1) / 100)));
        expected.put(name + ".95percentile" + rest, Double.toString(all.get((95 * all.size() - 1) / 100)));
        boolean rate = countMode.equals("rate");
        String count = Double.toString(rate ? all.size() / 10.0 : all.size());
        expected.put((rate ? "RATE " : "COUNT ") + key.substring(0, split) + ".count" + rest, count);
    }

    /** The formula of protocol.md §3.2, written a second time. */
    private static int key(double value) {
        if (value < 0) {
            return -key(-value);
        }
        return value == 0 ? 0 : (int) Math.rint(Math.log(value) / Math.log1p(1.0 / 64)) + 1338;
    }
}
