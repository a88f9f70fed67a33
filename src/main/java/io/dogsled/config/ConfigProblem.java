package io.dogsled.config;

/** A setting that could not be used as written; one log line each. */
public record ConfigProblem(String variable, String value, String expected, String used) {

    /** The line for people: variable, value, expectation, and what is used instead. */
    public String line() {
        return variable + "=\"" + value + "\" is not usable: expected " + expected + "; using " + used;
    }
}
