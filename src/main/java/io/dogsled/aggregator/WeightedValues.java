package io.dogsled.aggregator;

import java.util.Arrays;

/**
 * The values of a histogram with their weights. Sum, weight, minimum and maximum are kept apart and stay exact. The values
 * are kept as they come; when their array is full they are sorted, and equal ones joined, which changes nothing. If more
 * than half are left, the array grows, up to a limit and as long as there is room; then neighbours are joined in pairs
 * under the heavier one's value. From then on median and percentiles are approximate, and say so.
 *
 * <p>Every such step frees half of the array, so a value costs a store and its share of a sort, and values that come again
 * and again take no more memory.
 */
final class WeightedValues {
    /** Up to here every whole number is a double, and a hundred of them a long. */
    private static final long WEIGHT_LIMIT = 1L << 53;

    /** Grows up to here without asking. */
    private static final int SMALL = 32;

    private static final int OBJECTS = 120;

    /** In place of weights that are all one. */
    private static final long[] ALL_ONE = new long[0];

    private final int limit;
    private final Room room;
    private double[] values;
    private long[] weights;
    private int size;
    private boolean approximate;
    private long weight;
    private double sum;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** @param limit values it keeps; fewer if {@code room} has none for them */
    WeightedValues(int limit, Room room) {
        this(limit, room, new double[4], ALL_ONE);
        room.force(bytes());
    }

    private WeightedValues(int limit, Room room, double[] values, long[] weights) {
        this.limit = limit;
        this.room = room;
        this.values = values;
        this.weights = weights;
    }

    Room room() {
        return room;
    }

    /** Heap it takes. */
    int bytes() {
        return OBJECTS + (values.length + weights.length) * 8;
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
        long whole = (long) exactWeight;
        if (whole != 1) {
            weigh();
        }
        if (isWeighed()) {
            weights[size] = whole;
        }
        values[size++] = value;
        weight += whole;
        sum += value * exactWeight;
        if (value < min) { // it is a number: comparing costs less than Math.min under C1
            min = value;
        }
        if (value > max) {
            max = value;
        }
    }

    /** For a flush, outside the room. */
    WeightedValues copy() {
        long[] copied = isWeighed() ? Arrays.copyOf(weights, size) : ALL_ONE;
        WeightedValues copy = new WeightedValues(limit, room, Arrays.copyOf(values, size), copied);
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
        if (!isWeighed()) {
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
            seen += isWeighed() ? weights[i] : 1;
            if (seen > rank) {
                return values[i];
            }
        }
        return max;
    }

    private void makeRoom() {
        int length = values.length;
        int more = Math.min(limit, length * 2) - length;
        boolean wasWeighed = isWeighed();
        if (more <= 0 || length >= SMALL) {
            sort();
            join(false);
        }
        if (size > length / 2 && !grow(more)) {
            join(true);
            approximate = true;
            if (!wasWeighed && length > SMALL) {
                join(true);
            }
        }
        if (!wasWeighed && isWeighed() && length > SMALL && size <= length / 4) {
            // what the weights take, the values give
            resize(length / 2);
        }
    }

    private boolean grow(int more) {
        int bytes = more * (isWeighed() ? 16 : 8);
        if (more <= 0 || (values.length >= SMALL && !room.hasRoomFor(bytes))) {
            return false;
        }
        resize(values.length + more);
        return true;
    }

    private boolean isWeighed() {
        return weights.length > 0;
    }

    private void resize(int length) {
        int before = bytes();
        values = Arrays.copyOf(values, length);
        weights = isWeighed() ? Arrays.copyOf(weights, length) : ALL_ONE;
        room.force(bytes() - before);
    }

    /** From now on each value has a weight of its own. */
    private void weigh() {
        if (!isWeighed()) {
            weights = new long[values.length];
            Arrays.fill(weights, 0, size, 1);
            room.force(weights.length * 8);
        }
    }

    /** Joins equal neighbours, or each two neighbours. */
    private void join(boolean pairs) {
        int kept = 0;
        int partners = 0;
        for (int i = 1; i < size; i++) {
            boolean joins = pairs ? partners == 0 : values[i] == values[kept];
            if (joins) {
                weigh();
                values[kept] = weights[i] > weights[kept] ? values[i] : values[kept];
                weights[kept] += weights[i];
                partners = 1;
            } else {
                kept++;
                values[kept] = values[i];
                if (isWeighed()) {
                    weights[kept] = weights[i];
                }
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
