package io.dogsled.aggregator;

import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import java.util.Arrays;

/** One way to write a context: type, name and tags as raw bytes, and the slot they lead to. */
final class Spelling {
    final int hash;
    Slot slot;

    private final MetricType type;
    private final boolean hasCardinality;
    private final int nameLength;

    /** The name, and the tags behind it. */
    private final byte[] raw;

    Spelling(int hash, Sample sample, Slot slot) {
        this.hash = hash;
        this.slot = slot;
        type = sample.type;
        hasCardinality = sample.hasCardinality;
        nameLength = sample.nameEnd - sample.nameStart;
        int tagsLength = sample.tagsEnd - sample.tagsStart;
        raw = new byte[nameLength + tagsLength];
        System.arraycopy(sample.buffer, sample.nameStart, raw, 0, nameLength);
        System.arraycopy(sample.buffer, sample.tagsStart, raw, nameLength, tagsLength);
    }

    /** What {@link #matches} compares, as a number. */
    static int hash(Sample sample) {
        int seed = sample.type.ordinal() * 2 + (sample.hasCardinality ? 1 : 0);
        int name = RawHash.of(seed, sample.buffer, sample.nameStart, sample.nameEnd);
        return RawHash.of(name, sample.buffer, sample.tagsStart, sample.tagsEnd);
    }

    /** Whether the sample is written exactly like this. */
    boolean matches(Sample sample) {
        return type == sample.type
                && hasCardinality == sample.hasCardinality
                && Arrays.equals(raw, 0, nameLength, sample.buffer, sample.nameStart, sample.nameEnd)
                && Arrays.equals(raw, nameLength, raw.length, sample.buffer, sample.tagsStart, sample.tagsEnd);
    }
}
