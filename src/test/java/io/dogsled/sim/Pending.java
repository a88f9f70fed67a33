package io.dogsled.sim;

import java.util.Arrays;

/** Samples that wait, with the time at which each was made: first in, first out. */
final class Pending {
    private long[] madeMs = new long[16];
    private long[] samples = new long[16];
    private int first;
    private int size;
    private long held;

    long held() {
        return held;
    }

    void add(long nowMs, long count) {
        if (first + size == madeMs.length) {
            compact();
        }
        madeMs[first + size] = nowMs;
        samples[first + size] = count;
        size++;
        held += count;
    }

    /** The oldest {@code count} samples have reached the intake. */
    void deliver(long count, long arrivedMs, Meter meter) {
        long left = Math.min(count, held);
        while (left > 0) {
            long some = Math.min(left, samples[first]);
            meter.delivered(madeMs[first], arrivedMs, some);
            drop(some);
            left -= some;
        }
    }

    /** Takes everything of another one. */
    void take(Pending other) {
        while (other.size > 0) {
            add(other.madeMs[other.first], other.samples[other.first]);
            other.drop(other.samples[other.first]);
        }
    }

    /** Nobody has them any more; returns how many they were. */
    long clear() {
        long were = held;
        first = 0;
        size = 0;
        held = 0;
        return were;
    }

    private void drop(long some) {
        held -= some;
        samples[first] -= some;
        if (samples[first] == 0) {
            first++;
            size--;
        }
    }

    private void compact() {
        int length = size > madeMs.length / 2 ? madeMs.length * 2 : madeMs.length;
        madeMs = Arrays.copyOf(Arrays.copyOfRange(madeMs, first, first + size), length);
        samples = Arrays.copyOf(Arrays.copyOfRange(samples, first, first + size), length);
        first = 0;
    }
}
