package io.dogsled.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The variables as texts, turned into values one by one. Whatever cannot be used becomes a {@link ConfigProblem} and the
 * default. An empty or blank value is the same as none, as everywhere in the Agent. It remembers the names it was asked
 * for, so that a name nobody asks for can be told from a typing error. Used by the main thread before anything else runs,
 * so: no regex, no stream, no lambda.
 */
final class Settings {
    /** Names that are ours alone: an unknown one is a typing error. */
    private static final String OWN_PREFIX = "DD_DOGSLED_";

    private final Map<String, String> environment;
    private final List<ConfigProblem> problems;
    private final List<String> own = new ArrayList<>();

    Settings(Map<String, String> environment, List<ConfigProblem> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    /** The value without surrounding white space, {@code ""} if there is none. */
    String text(String variable) {
        if (variable.startsWith(OWN_PREFIX)) {
            own.add(variable);
        }
        String value = environment.get(variable);
        return value == null ? "" : value.strip();
    }

    /** A whole number in [{@code min}, {@code max}]. */
    int integer(String variable, int ifAbsent, int min, int max) {
        String value = text(variable);
        if (value.isEmpty()) {
            return ifAbsent;
        }
        long number = wholeNumber(value);
        if (number < min || number > max) {
            problem(variable, value, "a whole number from " + min + " to " + max, String.valueOf(ifAbsent));
            return ifAbsent;
        }
        return (int) number;
    }

    /** A truth value as the Agent reads it. */
    boolean flag(String variable, boolean ifAbsent) {
        String value = text(variable);
        if (value.isEmpty()) {
            return ifAbsent;
        }
        if (isOneOf(value, "true", "t", "1")) {
            return true;
        }
        if (!isOneOf(value, "false", "f", "0")) {
            problem(variable, value, "true or false", String.valueOf(ifAbsent));
            return ifAbsent;
        }
        return false;
    }

    /** The index of the value in {@code choices}, in any case of letters; {@code ifAbsent} without a usable value. */
    int choice(String variable, int ifAbsent, String... choices) {
        String value = text(variable);
        if (value.isEmpty()) {
            return ifAbsent;
        }
        for (int i = 0; i < choices.length; i++) {
            if (choices[i].equalsIgnoreCase(value)) {
                return i;
            }
        }
        problem(variable, value, "one of " + String.join(", ", choices), choices[ifAbsent]);
        return ifAbsent;
    }

    /** The pieces of a list, separated by white space or commas. */
    List<String> list(String variable) {
        return pieces(text(variable));
    }

    /** One setting that could not be used. */
    void problem(String variable, String value, String expected, String used) {
        problems.add(new ConfigProblem(variable, value, expected, used));
    }

    /** One problem for each piece of a list that is skipped; {@code used} instead of it. */
    void skipped(String variable, List<String> pieces, String expected, String used) {
        for (String piece : pieces) {
            problem(variable, piece, expected, used);
        }
    }

    /** One line for each name that looks like one of ours and is none; a misplaced key is not shown. Call last. */
    void reportUnknownNames() {
        for (Map.Entry<String, String> entry : environment.entrySet()) {
            String name = entry.getKey();
            if (name.startsWith(OWN_PREFIX) && !own.contains(name)) {
                String shown = name.contains("KEY") ? ConfigProblem.HIDDEN : entry.getValue();
                problem(name, shown, "one of " + String.join(", ", own), "nothing of it");
            }
        }
    }

    static List<String> pieces(String text) {
        List<String> found = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == ',' || Character.isWhitespace(text.charAt(i))) {
                if (i > start) {
                    found.add(text.substring(start, i));
                }
                start = i + 1;
            }
        }
        return found;
    }

    static boolean isOneOf(String value, String... words) {
        for (String word : words) {
            if (word.equalsIgnoreCase(value)) {
                return true;
            }
        }
        return false;
    }

    /** The number, or −1 for anything but one to ten ASCII digits: no setting takes a negative one. */
    static long wholeNumber(String text) {
        if (text.isEmpty() || text.length() > 10) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            number = number * 10 + (c - '0');
        }
        return number;
    }
}
