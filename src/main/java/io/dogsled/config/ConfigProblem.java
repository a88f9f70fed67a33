package io.dogsled.config;

/**
 * A setting that could not be used as written; one log line each.
 *
 * @param value as written; {@link #HIDDEN} for what may be a secret
 */
public record ConfigProblem(String variable, String value, String expected, String used) {
    /** Stands for a value that no line may show. */
    public static final String HIDDEN = "(hidden)";

    private static final int SHOWN = 100;

    /** The line for people: variable, value, expectation, and what is used instead. Always one line. */
    public String line() {
        String found = value.isEmpty() ? variable + " is not set" : variable + "=\"" + shown() + "\" is not usable";
        return oneLine(found + ": expected " + expected + "; using " + used);
    }

    /** Not longer than a person reads. */
    private String shown() {
        return value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    }

    /** Without control characters, which could forge a line of its own; what was expected may quote the value. */
    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }
}
