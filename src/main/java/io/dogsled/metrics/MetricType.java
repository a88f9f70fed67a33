package io.dogsled.metrics;

/** The six metric types of the protocol (protocol.md §1.3). */
public enum MetricType {
    COUNT("c"),
    GAUGE("g"),
    HISTOGRAM("h"),
    TIMING("ms"),
    SET("s"),
    DISTRIBUTION("d");

    private final String wire;

    MetricType(String wire) {
        this.wire = wire;
    }

    /** The text in the second field of a line. */
    public String wire() {
        return wire;
    }
}
