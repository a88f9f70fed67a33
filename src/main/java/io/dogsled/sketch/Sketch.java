package io.dogsled.sketch;

import java.util.Arrays;

/**
 * The Agent's quantile sketch, bin for bin: a list of counts on a logarithmic axis, about 1.6 % a step, beside the exact
 * count, minimum, maximum, sum and average (protocol.md §3; Agent: pkg/util/quantile). Two sketches add up to the sketch
 * of all their values, which is what lets the intake answer percentiles over many senders.
 *
 * <p>As in the Agent, keys of unsampled values wait in a buffer of 512 before they go into the bins together. That is not
 * only faster: when the limit of 4096 bins is reached, the moment of the trimming shows in the result.
 *
 * <p>Cost: a logarithm and a store for a value; a sort and 512 binary searches every 512 values. Four bytes a bin, and two
 * a waiting key. Not for several threads at once; after {@link #finish()} any thread may read.
 */
public final class Sketch {
    private static final int BIN_LIMIT = 4_096;
    private static final int BUFFER_LIMIT = 512;

    /** The same after {@link #shrink}. */
    private static final int SMALL_BIN_LIMIT = 64;

    private static final int SMALL_BUFFER_LIMIT = 8;

    /** A bound on memory, not the Agent's: a rate of 1e-12 would fill 15 million bins with one value. */
    private static final long COUNT_LIMIT = Integer.MAX_VALUE;

    private static final short[] NO_BUFFER = new short[0];

    private final Bins bins;
    private short[] buffer = NO_BUFFER;
    private int buffered;
    private boolean small;
    private long count;
    private double min;
    private double max;
    private double sum;
    private double average;

    /** An empty sketch. */
    public Sketch() {
        this(new Bins());
    }

    private Sketch(Bins bins) {
        this.bins = bins;
    }

    /**
     * Adds a value that stands for {@code 1 / sampleRate} values at the client: {@code trunc(1 / sampleRate)} of them in
     * the bins and the count, the exact number of them in the sum.
     *
     * @param sampleRate anything outside (0, 1] counts as 1
     * @return false if the sum would not be finite or the count not countable; the sketch is unchanged
     */
    public boolean insert(double value, double sampleRate) {
        if (sampleRate > 0 && sampleRate < 1) {
            return insertSampled(value, 1 / sampleRate);
        }
        double newSum = sum + value;
        if (!Double.isFinite(newSum) || count == COUNT_LIMIT) {
            return false;
        }
        extend(value, value);
        count++;
        sum = newSum;
        average = finiteOr(average + (value - average) / count, sum / count);
        buffer(Keys.key(value));
        return true;
    }

    /** Adds all values of another sketch, which must be finished. */
    public void merge(Sketch other) {
        if (other.count > 0) {
            flushBuffer();
            mergeSummary(other.count, other.sum, other.average, other.min, other.max);
            bins.addAll(other.bins);
            trim();
        }
    }

    /** Moves what waits into the bins and gives back spare memory. Without further inserts the sketch is immutable now. */
    public void finish() {
        flushBuffer();
        buffer = NO_BUFFER;
        bins.compact();
    }

    /** About how much heap bins and buffer take. */
    public int bytes() {
        return bins.bytes() + buffer.length * 2;
    }

    /**
     * Goes on with few bins, the lowest values folded together, where memory is short: high percentiles stay as good as they
     * are, low ones do not. Count, sum, minimum, maximum and average stay exact. Not the Agent's.
     */
    public void shrink() {
        small = true;
        flushBuffer();
        trim();
        buffer = NO_BUFFER;
        bins.compact();
    }

    /** A finished copy. */
    public Sketch copy() {
        flushBuffer();
        Sketch copy = new Sketch(bins.copy());
        copy.mergeSummary(count, sum, average, min, max);
        return copy;
    }

    /** The number of values, each sampled one with its weight. */
    public long count() {
        return count;
    }

    /** The smallest value; 0 if there is none. */
    public double min() {
        return min;
    }

    /** The largest value; 0 if there is none. */
    public double max() {
        return max;
    }

    public double sum() {
        return sum;
    }

    /** Kept incrementally, so it may differ from {@code sum / count}: by rounding, and where rates are no whole fractions. */
    public double average() {
        return average;
    }

    /** The number of bins of a finished sketch. */
    public int bins() {
        return bins.size();
    }

    /** The key of a bin of a finished sketch, −32767 to 32767; ascending, and equal keys may follow each other. */
    public int key(int index) {
        return bins.key(index);
    }

    /** The count of a bin of a finished sketch, 1 to 65535. */
    public int binCount(int index) {
        return bins.count(index);
    }

    private boolean insertSampled(double value, double weight) {
        double weighted = value * weight;
        if (!Double.isFinite(sum + weighted) || weight > COUNT_LIMIT - count) {
            return false;
        }
        flushBuffer();
        long n = (long) weight;
        mergeSummary(n, weighted, value, value, value);
        bins.add(Keys.key(value), n);
        trim();
        return true;
    }

    /** Agent: summary.go, Merge. */
    private void mergeSummary(long otherCount, double otherSum, double otherAverage, double low, double high) {
        extend(low, high);
        boolean first = count == 0;
        count += otherCount;
        sum = first ? otherSum : Math.clamp(sum + otherSum, -Double.MAX_VALUE, Double.MAX_VALUE);
        average = first ? otherAverage : finiteOr(average + (otherAverage - average) * otherCount / count, sum / count);
    }

    /** Near the largest double a difference overflows although sum and average do not. */
    private static double finiteOr(double value, double other) {
        return Double.isFinite(value) ? value : other;
    }

    private void extend(double low, double high) {
        min = count == 0 || low < min ? low : min;
        max = count == 0 || high > max ? high : max;
    }

    private void buffer(int key) {
        if (buffered == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(8, buffered * 2));
        }
        buffer[buffered++] = (short) key;
        if (buffered == (small ? SMALL_BUFFER_LIMIT : BUFFER_LIMIT)) {
            flushBuffer();
        }
    }

    private void flushBuffer() {
        if (buffered == 0) {
            return;
        }
        Arrays.sort(buffer, 0, buffered);
        int start = 0;
        for (int i = 1; i <= buffered; i++) {
            if (i == buffered || buffer[i] != buffer[start]) {
                bins.add(buffer[start], i - start);
                start = i;
            }
        }
        buffered = 0;
        trim();
    }

    private void trim() {
        bins.trimLeft(small ? SMALL_BIN_LIMIT : BIN_LIMIT);
    }
}
