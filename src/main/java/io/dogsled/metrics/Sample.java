package io.dogsled.metrics;

import java.util.Arrays;

/**
 * One parsed metric line: the reused view that a parser fills and a {@link SampleSink} reads before it returns.
 *
 * <pre>
 * page.views:1:32|c|@0.5|#env:dev,az:1|T1700000000
 * ^name      ^values  ^rate ^tags       ^timestamp
 * </pre>
 *
 * <p>Name, tags and set member are offsets into {@link #buffer}: nothing is copied for a line seen before. Owned by the
 * thread that parses; nobody keeps it.
 */
public final class Sample {
    /** The datagram; offsets below point into it. */
    public byte[] buffer = new byte[0];

    public MetricType type = MetricType.COUNT;
    public int nameStart;
    public int nameEnd;

    /** The text after {@code #}, without it; empty if there are no tags. */
    public int tagsStart;

    public int tagsEnd;

    /** The member of a set; not used by other types. */
    public int memberStart;

    public int memberEnd;

    /** In (0, 1]: the parser has replaced anything else by 1 (rulings.md 2). */
    public double rate;

    /** Seconds since the epoch, at least 1; 0 = none given. */
    public long timestampS;

    /** Whether the line had a {@code card:} option: {@code dd.internal.card} then stays an ordinary tag. */
    public boolean hasCardinality;

    /** {@link LineHash} of type, name, tags and {@link #hasCardinality}: the same for the same bytes, whatever the values are. */
    public int hash;

    private double[] values = new double[16];
    private int valueCount;

    /** Forgets the values of the line before. */
    public void clearValues() {
        valueCount = 0;
    }

    /** Adds one packed value; it may be infinite or not a number, which the aggregator refuses by name. */
    public void addValue(double value) {
        if (valueCount == values.length) {
            values = Arrays.copyOf(values, valueCount * 2);
        }
        values[valueCount++] = value;
    }

    /** The number of packed values; 0 for a set. */
    public int valueCount() {
        return valueCount;
    }

    /** The packed value at {@code index}, below {@link #valueCount()}. */
    public double value(int index) {
        return values[index];
    }

    /** How many samples the line stands for in the ledger: one per packed value, one for a set member. */
    public int sampleCount() {
        return type == MetricType.SET ? 1 : valueCount;
    }
}
