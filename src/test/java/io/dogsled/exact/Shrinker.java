package io.dogsled.exact;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing program small: steps go, in halves, quarters and so on down to single ones, then pieces of steps, as
 * long as what is left still fails. Every program it tries is whole and plays alone. Bounded by a number of tries.
 */
final class Shrinker {
    private static final int TRIES = 20_000;

    private final Predicate<Program> fails;
    private Program smallest;
    private int tries;

    private Shrinker(Program failing, Predicate<Program> fails) {
        this.smallest = failing;
        this.fails = fails;
    }

    /** The smallest program found; {@code failing} itself if nothing can go. */
    static Program shrink(Program failing, Predicate<Program> fails) {
        Shrinker shrinker = new Shrinker(failing, fails);
        int before;
        do {
            before = shrinker.smallest.toString().length();
            shrinker.dropSteps();
            shrinker.simplifySteps();
        } while (shrinker.smallest.toString().length() < before && shrinker.tries < TRIES);
        return shrinker.smallest;
    }

    private void dropSteps() {
        for (int chunk = smallest.steps().size(); chunk > 0; chunk /= 2) {
            int from = 0;
            while (from < smallest.steps().size()) {
                List<String> steps = new ArrayList<>(smallest.steps());
                steps.subList(from, Math.min(steps.size(), from + chunk)).clear();
                if (!takeIfFails(steps)) {
                    from += chunk;
                }
            }
        }
    }

    private void simplifySteps() {
        for (int i = 0; i < smallest.steps().size(); i++) {
            boolean simpler = true;
            while (simpler) {
                simpler = false;
                for (String candidate : simpler(smallest.steps().get(i))) {
                    List<String> steps = new ArrayList<>(smallest.steps());
                    steps.set(i, candidate);
                    simpler = takeIfFails(steps);
                    if (simpler) {
                        break;
                    }
                }
            }
        }
    }

    private boolean takeIfFails(List<String> steps) {
        Program candidate = new Program(smallest.settings(), steps);
        boolean smaller = tries++ < TRIES && fails.test(candidate);
        if (smaller) {
            smallest = candidate;
        }
        return smaller;
    }

    /** The step without one of its pieces, in every way: a line, an option, a packed value, an answer. */
    private static List<String> simpler(String step) {
        List<String> simpler = new ArrayList<>();
        if (step.startsWith("send ")) {
            List<String> lines = List.of(step.substring(5).split("(\\\\r)?\\\\n", -1));
            simpler.addAll(withoutOne(lines, 0, "\\n"));
            for (int i = 0; i < lines.size(); i++) {
                for (String line : simplerLine(lines.get(i))) {
                    List<String> changed = new ArrayList<>(lines);
                    changed.set(i, line);
                    simpler.add(String.join("\\n", changed));
                }
            }
            simpler.replaceAll(text -> "send " + text);
        } else if (step.startsWith("deliver ")) {
            for (int i = "deliver ".length(); i < step.length(); i++) {
                simpler.add(step.substring(0, i) + step.substring(i + 1));
            }
        }
        return simpler;
    }

    /** A metric without an option, a packed value or a tag. */
    private static List<String> simplerLine(String line) {
        List<String> fields = List.of(line.split("\\|", -1));
        List<String> simpler = new ArrayList<>();
        if (fields.size() < 2 || !line.matches("[mn]\\d:.*")) {
            return simpler;
        }
        simpler.addAll(withoutOne(fields, 2, "|"));
        String rest = line.substring(fields.getFirst().length());
        List<String> values = List.of(fields.getFirst().split(":", -1));
        for (String fewer : values.size() > 2 ? withoutOne(values, 1, ":") : List.<String>of()) {
            simpler.add(fewer + rest);
        }
        int tags = line.indexOf('#');
        int end = (line + "|").indexOf('|', Math.max(0, tags));
        for (String fewer : tags < 0
                ? List.<String>of()
                : withoutOne(List.of(line.substring(tags + 1, end).split(",", -1)), 0, ",")) {
            simpler.add(line.substring(0, tags + 1) + fewer + line.substring(end));
        }
        return simpler;
    }

    /** The pieces joined again without one of those from an index on, in every way; none if it would be the last. */
    private static List<String> withoutOne(List<String> pieces, int from, String separator) {
        List<String> all = new ArrayList<>();
        for (int i = from; i < pieces.size() && pieces.size() > 1; i++) {
            List<String> fewer = new ArrayList<>(pieces);
            fewer.remove(i);
            all.add(String.join(separator, fewer));
        }
        return all;
    }
}
