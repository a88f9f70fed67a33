package io.dogsled.config;

/**
 * A setting that could not be used as written; one log line each.
 *
 * @param value as written; {@link #HIDDEN} for what may be a secret
 */
public record ConfigProblem(String variable, String value, String expected, String used) {
    /** Stands for a value that no line may show. */
    static final String HIDDEN = "(hidden)";

    private static final int SHOWN = 80;

    /** The line for people: variable, value, expectation, and what is used instead. Always one line. */
    public String line() {
        String found = value.isEmpty() ? variable + " is not set" : variable + "=\"" + shown() + "\" is not usable";
        return found + ": expected " + expected + "; using " + used;
    }

    /** Without control characters, which could forge a line of its own, and not longer than a person reads. */
    private String shown() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < value.length() && i < SHOWN; i++) {
            char c = value.charAt(i);
            text.append(Character.isISOControl(c) ? '?' : c);
        }
        return value.length() > SHOWN ? text + "…" : text.toString();
    }
}
