package io.dogsled.aggregator;

import java.util.Arrays;

/**
 * The values of a histogram with their weights. Sum, weight, minimum and maximum are kept apart and stay exact. The values
 * are kept as they come up to a limit; there they are sorted, and equal ones joined, which changes nothing; if more than
 * half of the limit are left, neighbours are joined in pairs under the heavier one's value. From then on median and
 * percentiles are approximate, and say so.
 */
final class WeightedValues {
    /** Up to here every whole number is a double, and a hundred of them a long. */
    private static final long WEIGHT_LIMIT = 1L << 53;

    private final int limit;
    private double[] values;
    private long[] weights;
    private int size;
    private boolean approximate;
    private long weight;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    WeightedValues(int limit) {
        this(limit, new double[4], new long[4]);
    }

    private WeightedValues(int limit, double[] values, long[] weights) {
        this.limit = limit;
        this.values = values;
        this.weights = weights;
    }

    /** Whether the sum stays finite and the weight countable. */
    boolean fits(double value, double exactWeight) {
        return Double.isFinite(sum + value * exactWeight) && exactWeight < WEIGHT_LIMIT - weight;
    }

    /** Adds a value that {@link #fits}; its weight is truncated everywhere but in the sum (protocol.md §1.5). */
    void add(double value, double exactWeight) {
        if (size == values.length) {
            makeRoom();
        }
        values[size] = value;
        weights[size++] = (long) exactWeight;
        weight += (long) exactWeight;
        sum += value * exactWeight;
        min = Math.min(min, value);
        max = Math.max(max, value);
    }

    WeightedValues copy() {
        WeightedValues copy = new WeightedValues(limit, Arrays.copyOf(values, size), Arrays.copyOf(weights, size));
        copy.size = size;
        copy.approximate = approximate;
        copy.weight = weight;
        copy.sum = sum;
        copy.min = min;
        copy.max = max;
        return copy;
    }

    long weight() {
        return weight;
    }

    double sum() {
        return sum;
    }

    double min() {
        return min;
    }

    double max() {
        return max;
    }

    /** Whether values were joined that are not equal. */
    boolean isApproximate() {
        return approximate;
    }

    /** Sorts by value, with the weights alongside. */
    void sort() {
        if (weight == size) {
            Arrays.sort(values, 0, size);
            return;
        }
        int n = size;
        for (int root = n / 2 - 1; root >= 0; root--) {
            siftDown(root, n);
        }
        for (int last = n - 1; last > 0; last--) {
            swap(0, last);
            siftDown(0, last);
        }
    }

    /** The first of the sorted values whose weight, added to all before it, exceeds {@code rank}. */
    double atRank(long rank) {
        long seen = 0;
        for (int i = 0; i < size; i++) {
            seen += weights[i];
            if (seen > rank) {
                return values[i];
            }
        }
        return max;
    }

    private void makeRoom() {
        if (size < limit) {
            int capacity = Math.min(limit, size * 2);
            values = Arrays.copyOf(values, capacity);
            weights = Arrays.copyOf(weights, capacity);
            return;
        }
        sort();
        join(false);
        if (size > limit / 2) {
            join(true);
            approximate = true;
        }
    }

    /** Joins equal neighbours, or each two neighbours. */
    private void join(boolean pairs) {
        int kept = 0;
        int partners = 0;
        for (int i = 1; i < size; i++) {
            boolean joins = pairs ? partners == 0 : values[i] == values[kept];
            if (joins) {
                values[kept] = weights[i] > weights[kept] ? values[i] : values[kept];
                weights[kept] += weights[i];
                partners = 1;
            } else {
                kept++;
                values[kept] = values[i];
                weights[kept] = weights[i];
                partners = 0;
            }
        }
        size = Math.min(size, kept + 1);
    }

    private void siftDown(int root, int end) {
        int parent = root;
        int child = largerChild(parent, end);
        while (child < end && values[parent] < values[child]) {
            swap(parent, child);
            parent = child;
            child = largerChild(parent, end);
        }
    }

    private int largerChild(int parent, int end) {
        int left = 2 * parent + 1;
        return left + 1 < end && values[left + 1] > values[left] ? left + 1 : left;
    }

    private void swap(int a, int b) {
        double value = values[a];
        values[a] = values[b];
        values[b] = value;
        long held = weights[a];
        weights[a] = weights[b];
        weights[b] = held;
    }
}
