package io.dogsled.dogstatsd;

import io.dogsled.metrics.LineHash;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;

/**
 * The metric line as nearly all clients write it, read in one pass, its end not known before:
 *
 * <pre>
 * page.views:12.5:3|c|@0.5|#env:dev,az:1|c:ci-abc
 * name      :short decimals|type, then any of @ rate, # tags, c: and e:
 * </pre>
 *
 * What it accepts, {@link MetricParser} accepts with the same result, hash included; everything else it leaves to it, without saying
 * why: a fault, a carriage return at the end, a number off the fast path, an option that is rare. So this class has no rule of its own.
 *
 * <p>Name and tags are read eight bytes at a time. A byte below 0x20 gets its high bit set when 0x20 is subtracted from it, one from 0x7C
 * on when 4 is added: with two additions and no comparison a word is known to hold neither LF nor {@code |}, which is nearly every word
 * of a tag list. Bytes that are flagged without being either (UTF-8, {@code ~}) are looked at again, exactly. Carries and borrows only
 * reach later bytes than one that is flagged anyway. The same word goes into {@link LineHash}. Under C1 that made a known line with four tags
 * 112 ns from the datagram to its counter instead of 206 (docs/benchmarks.md).
 */
final class PlainLine {
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long TO_PIPE = ONES * (0x80 - '|');
    private static final long BELOW_SPACE = ONES * ' ';
    private static final long PIPES = ONES * '|';
    private static final long LINE_FEEDS = ONES * '\n';
    private static final long COLONS = ONES * ':';

    private final Sample sample;
    private final Numbers numbers = new Numbers();
    private int end;
    private long nameHash;
    private long hash;

    /** Fills {@code sample}. */
    PlainLine(Sample sample) {
        this.sample = sample;
    }

    /** The index of the line feed of the last line that was accepted, or of the datagram's end. */
    int end() {
        return end;
    }

    /** Reads the line that begins at {@code from}; {@code limit} is the end of the datagram. */
    boolean parse(byte[] buffer, int from, int limit) {
        int colon = nameEnd(buffer, from, limit);
        if (colon == from || colon == limit || buffer[colon] != ':' || buffer[from] == '_') {
            return false;
        }
        int pipe = readValues(buffer, colon + 1, limit);
        int typeEnd = readType(buffer, pipe + 1, limit);
        if (typeEnd == limit + 1 || (sample.type != MetricType.SET && sample.valueCount() == 0)) {
            return false;
        }
        if (sample.type == MetricType.SET) {
            if (pipe == colon + 1) {
                return false;
            }
            sample.clearValues();
            sample.memberStart = colon + 1;
            sample.memberEnd = pipe;
        }
        sample.buffer = buffer;
        sample.nameStart = from;
        sample.nameEnd = colon;
        return readOptions(buffer, typeEnd, limit);
    }

    /** Where the first of {@code :}, LF, {@code |} and some rare bytes is, or {@code limit}. */
    private int nameEnd(byte[] buffer, int from, int limit) {
        long mixed = 0;
        int at = from;
        while (true) {
            long word = at + Long.BYTES <= limit ? LineHash.word(buffer, at) : lastWord(buffer, at, limit);
            long found = (zeroBytes(word ^ COLONS) | (word + TO_PIPE) | (word - BELOW_SPACE)) & HIGH_BITS;
            if (found != 0) {
                long before = bytesBefore(found);
                nameHash = LineHash.mix(mixed, word & before);
                return at + count(before);
            }
            mixed = LineHash.mix(mixed, word);
            at += Long.BYTES;
        }
    }

    /** Where the first {@code |} or LF is, or {@code limit}; the hash of the bytes before it goes on from the name's. */
    private int fieldEnd(byte[] buffer, int from, int limit) {
        long mixed = nameHash;
        int at = from;
        while (true) {
            long word = at + Long.BYTES <= limit ? LineHash.word(buffer, at) : lastWord(buffer, at, limit);
            if ((((word + TO_PIPE) | (word - BELOW_SPACE)) & HIGH_BITS) != 0) {
                long found = zeroBytes(word ^ PIPES) | zeroBytes(word ^ LINE_FEEDS);
                if (found != 0) {
                    long before = bytesBefore(found);
                    hash = LineHash.mix(mixed, word & before);
                    return at + count(before);
                }
            }
            mixed = LineHash.mix(mixed, word);
            at += Long.BYTES;
        }
    }

    /** Reads the numbers and returns where the field ends; no numbers if not all of it are short decimals, as in a set. */
    private int readValues(byte[] buffer, int from, int limit) {
        sample.clearValues();
        int at = from;
        int behind = numbers.readShort(buffer, at, limit);
        while (behind > at && behind < limit) {
            sample.addValue(numbers.doubleValue());
            if (buffer[behind] == '|') {
                return behind;
            }
            if (buffer[behind] != ':') {
                break;
            }
            at = behind + 1;
            behind = numbers.readShort(buffer, at, limit);
        }
        sample.clearValues();
        return fieldEnd(buffer, from, limit);
    }

    /** Reads the type that begins at {@code from} and returns where it ends, or {@code limit + 1}. */
    private int readType(byte[] buffer, int from, int limit) {
        if (from >= limit || buffer[from - 1] != '|') {
            return limit + 1;
        }
        switch (buffer[from]) {
            case 'c' -> sample.type = MetricType.COUNT;
            case 'g' -> sample.type = MetricType.GAUGE;
            case 'h' -> sample.type = MetricType.HISTOGRAM;
            case 's' -> sample.type = MetricType.SET;
            case 'd' -> sample.type = MetricType.DISTRIBUTION;
            case 'm' -> {
                sample.type = MetricType.TIMING;
                return from + 1 < limit && buffer[from + 1] == 's' ? from + 2 : limit + 1;
            }
            default -> {
                return limit + 1;
            }
        }
        return from + 1;
    }

    private boolean readOptions(byte[] buffer, int typeEnd, int limit) {
        sample.rate = 1;
        sample.timestampS = 0;
        sample.tagsStart = typeEnd;
        sample.tagsEnd = typeEnd;
        sample.hasCardinality = false;
        long tagsHash = LineHash.mix(nameHash, 0);
        int at = typeEnd;
        while (at < limit && buffer[at] == '|') {
            int start = at + 1;
            byte kind = start < limit ? buffer[start] : 0;
            if (kind == '#') {
                at = fieldEnd(buffer, start + 1, limit);
                sample.tagsStart = start + 1;
                sample.tagsEnd = at;
                tagsHash = hash;
            } else {
                at = readOption(buffer, start, limit);
            }
        }
        end = at;
        sample.hash = LineHash.finish(tagsHash, sample.type, false);
        return at == limit ? buffer[at - 1] != '\r' : at < limit && buffer[at] == '\n' && buffer[at - 1] != '\r';
    }

    /** Reads a rate, or skips what means nothing here, and returns where it ends, or {@code limit + 1}. */
    private int readOption(byte[] buffer, int start, int limit) {
        if (start + 1 < limit && buffer[start] == '@') {
            int behind = numbers.readShort(buffer, start + 1, limit);
            sample.rate = numbers.doubleValue();
            return behind > start + 1 && sample.rate > 0 && sample.rate <= 1 ? behind : limit + 1;
        }
        boolean skipped =
                start + 1 < limit && (buffer[start] == 'c' || buffer[start] == 'e') && buffer[start + 1] == ':';
        return skipped ? fieldEnd(buffer, start + 2, limit) : limit + 1;
    }

    /** The bytes in front of {@code limit}, fewer than eight, and line feeds behind them. */
    private static long lastWord(byte[] buffer, int from, int limit) {
        long word = LINE_FEEDS;
        for (int at = limit - 1; at >= from; at--) {
            word = word << 8 | (buffer[at] & 0xFF);
        }
        return word;
    }

    /** The high bit of each byte that is 0; exact up to the first (Hacker's Delight, 6-1). */
    private static long zeroBytes(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** All bits of the bytes before the first one whose high bit is set. */
    private static long bytesBefore(long found) {
        long first = found & -found;
        return (first >>> 7) - 1;
    }

    /** How many bytes have all bits set. */
    private static int count(long bytes) {
        long ones = (bytes & ONES) * ONES;
        return (int) (ones >>> 56);
    }
}
