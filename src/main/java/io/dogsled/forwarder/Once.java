package io.dogsled.forwarder;

import io.dogsled.base.Counter;

/**
 * A value that adds up at the intake, so it must arrive once: a sketch or an event. Remembers how many of its samples may
 * have arrived already, from an attempt without an outcome. Guarded by the outbox's lock.
 */
final class Once<T> {
    private final T value;
    private final long samples;

    /** Samples that were written before, and would be there twice after the next success. */
    private long inDoubt;

    /** Samples that were counted as possibly duplicated; each is counted once, however often it is sent. */
    private long counted;

    Once(T value, long samples) {
        this.value = value;
        this.samples = samples;
    }

    /** The value that holds both others, with the doubts of both. */
    Once(T value, Once<T> left, Once<T> right) {
        this.value = value;
        this.samples = left.samples + right.samples;
        this.inDoubt = left.inDoubt + right.inDoubt;
        this.counted = left.counted + right.counted;
    }

    T value() {
        return value;
    }

    long samples() {
        return samples;
    }

    /** It was written without an outcome, and will be written again. */
    void doubt() {
        inDoubt = samples - counted;
    }

    /** It was written, perhaps after doubts. */
    void written(Account account) {
        account.note(Counter.POSSIBLY_DUPLICATED, inDoubt);
        counted += inDoubt;
        inDoubt = 0;
    }
}
