package io.dogsled.dogstatsd;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.metrics.LineHash;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;

/**
 * One metric line → the reused {@link Sample}, or the reason why not (protocol.md §1.3; Agent: comp/dogstatsd/server/impl/parse.go).
 *
 * <pre>
 * page.views:1:32|c|@0.5|#env:dev,az:1|T1700000000|card:low|c:ci-abc|e:it-false
 * name      :value ...|type|options in any order, the last of a kind wins, unknown and empty ones are skipped
 * </pre>
 *
 * Never throws and, but for numbers off the fast path of {@link Numbers}, makes no object. Owned by one {@link DatagramParser}.
 */
final class MetricParser {
    private final Sample sample = new Sample();
    private final Numbers numbers = new Numbers();
    private final boolean readTimestamps;
    private final Counters counters;
    private Rejection rejection = Rejection.NO_PIPE;

    /** {@code readTimestamps}: whether {@code T} options are read; otherwise they are skipped. */
    MetricParser(boolean readTimestamps, Counters counters) {
        this.readTimestamps = readTimestamps;
        this.counters = counters;
    }

    /** What the last accepted line said; valid until the next call. */
    Sample sample() {
        return sample;
    }

    /** Why the last line that was not accepted was not. */
    Rejection rejection() {
        return rejection;
    }

    /** Reads {@code buffer[from, to)}, a line without its end. */
    boolean parse(byte[] buffer, int from, int to) {
        int colon = from;
        while (colon < to && buffer[colon] != ':' && buffer[colon] != '|') {
            colon++;
        }
        int valuesEnd = Bytes.indexOf(buffer, colon, to, '|');
        if (valuesEnd == to) {
            return reject(Rejection.NO_PIPE);
        }
        if (colon == from || colon + 1 >= valuesEnd) {
            return reject(Rejection.NAME_OR_VALUE);
        }
        int typeEnd = Bytes.indexOf(buffer, valuesEnd + 1, to, '|');
        if (!readType(buffer, valuesEnd + 1, typeEnd)) {
            return reject(Rejection.TYPE);
        }
        sample.buffer = buffer;
        sample.nameStart = from;
        sample.nameEnd = colon;
        return readValues(buffer, colon + 1, valuesEnd) && readOptions(buffer, typeEnd, to);
    }

    private boolean readType(byte[] buffer, int from, int to) {
        if (to - from == 1) {
            switch (buffer[from]) {
                case 'c' -> sample.type = MetricType.COUNT;
                case 'g' -> sample.type = MetricType.GAUGE;
                case 'h' -> sample.type = MetricType.HISTOGRAM;
                case 's' -> sample.type = MetricType.SET;
                case 'd' -> sample.type = MetricType.DISTRIBUTION;
                default -> {
                    return false;
                }
            }
            return true;
        }
        sample.type = MetricType.TIMING;
        return to - from == 2 && buffer[from] == 'm' && buffer[from + 1] == 's';
    }

    private boolean readValues(byte[] buffer, int from, int to) {
        sample.clearValues();
        if (sample.type == MetricType.SET) {
            sample.memberStart = from;
            sample.memberEnd = to;
            return true;
        }
        int start = from;
        while (start < to) {
            int end = Bytes.indexOf(buffer, start, to, ':');
            if (end > start) {
                if (!numbers.parseDouble(buffer, start, end)) {
                    return reject(Rejection.VALUE);
                }
                sample.addValue(numbers.doubleValue());
            }
            start = end + 1;
        }
        return sample.valueCount() > 0 || reject(Rejection.NO_VALUE);
    }

    private boolean readOptions(byte[] buffer, int typeEnd, int to) {
        sample.rate = 1;
        sample.timestampS = 0;
        sample.tagsStart = to;
        sample.tagsEnd = to;
        sample.hasCardinality = false;
        int end = typeEnd;
        while (end < to) {
            int start = end + 1;
            end = start < to && buffer[start] == '#'
                    ? Bytes.indexOfFar(buffer, start, to, '|')
                    : Bytes.indexOf(buffer, start, to, '|');
            if (start < end && !readOption(buffer, start, end)) {
                return false;
            }
        }
        if (!(sample.rate > 0 && sample.rate <= 1)) { // also if it is not a number
            sample.rate = 1;
            counters.add(Counter.RATE_OUT_OF_RANGE, sample.sampleCount());
        }
        sample.hash = LineHash.of(sample);
        return true;
    }

    private boolean readOption(byte[] buffer, int start, int end) {
        switch (buffer[start]) {
            case '#' -> {
                sample.tagsStart = start + 1;
                sample.tagsEnd = end;
            }
            case '@' -> {
                if (!numbers.parseDouble(buffer, start + 1, end)) {
                    return reject(Rejection.RATE);
                }
                sample.rate = numbers.doubleValue();
            }
            case 'T' -> {
                return !readTimestamps || readTimestamp(buffer, start + 1, end);
            }
            case 'c' -> {
                if (Bytes.startsWith(buffer, start, end, Tags.CARDINALITY_OPTION)) {
                    sample.hasCardinality = end - start > Tags.CARDINALITY_OPTION.length();
                }
            }
            default -> {} // e: and whatever later versions of the protocol add
        }
        return true;
    }

    private boolean readTimestamp(byte[] buffer, int from, int to) {
        if (!numbers.parseLong(buffer, from, to)) {
            return reject(Rejection.TIMESTAMP);
        }
        sample.timestampS = numbers.longValue();
        return sample.timestampS >= 1 || reject(Rejection.TIMESTAMP_RANGE);
    }

    private boolean reject(Rejection reason) {
        rejection = reason;
        return false;
    }
}
