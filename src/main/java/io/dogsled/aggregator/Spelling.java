package io.dogsled.aggregator;

import io.dogsled.metrics.LineHash;
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

    Spelling(Sample sample, Slot slot) {
        this.hash = sample.hash;
        this.slot = slot;
        type = sample.type;
        hasCardinality = sample.hasCardinality;
        nameLength = sample.nameEnd - sample.nameStart;
        int tagsLength = sample.tagsEnd - sample.tagsStart;
        raw = new byte[nameLength + tagsLength];
        System.arraycopy(sample.buffer, sample.nameStart, raw, 0, nameLength);
        System.arraycopy(sample.buffer, sample.tagsStart, raw, nameLength, tagsLength);
    }

    /** Whether the sample is written exactly like this. */
    boolean matches(Sample sample) {
        return type == sample.type
                && hasCardinality == sample.hasCardinality
                && nameLength == sample.nameEnd - sample.nameStart
                && isName(sample.buffer, sample.nameStart)
                && Arrays.equals(raw, nameLength, raw.length, sample.buffer, sample.tagsStart, sample.tagsEnd);
    }

    /** A name is a few words of eight bytes, less than a call of {@link Arrays#equals} is worth. */
    private boolean isName(byte[] buffer, int from) {
        int at = 0;
        for (; at + Long.BYTES <= nameLength; at += Long.BYTES) {
            if (LineHash.word(raw, at) != LineHash.word(buffer, from + at)) {
                return false;
            }
        }
        for (; at < nameLength; at++) {
            if (raw[at] != buffer[from + at]) {
                return false;
            }
        }
        return true;
    }
}
