package io.dogsled.telemetry;

import java.util.Arrays;

/** The numbers of one record: milliseconds, megabytes or bytes, as their names say. */
public final class Measures {
    private static final int COUNT = Measure.values().length;

    /** Of a record that has no numbers, or whose numbers nobody wants. */
    public static final Measures NONE = new Measures();

    private final double[] values = new double[COUNT];

    Measures() {
        Arrays.fill(values, -1);
    }

    /** −1 if the record has none. */
    public double get(Measure measure) {
        return values[measure.ordinal()];
    }

    /** Nothing for a name that is none of ours. */
    void put(String word, double value) {
        int index = Measure.indexOf(word);
        if (index >= 0) {
            values[index] = value;
        }
    }
}
