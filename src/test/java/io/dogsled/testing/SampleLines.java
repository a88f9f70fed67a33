package io.dogsled.testing;

import io.dogsled.metrics.LineHash;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import java.nio.charset.StandardCharsets;

/** Well-formed lines → samples, as the parser fills them: for tests of what comes after it. */
public final class SampleLines {
    private SampleLines() {}

    /** {@code name:1:2|c|@0.5|#a,b|T1700000000}, in a buffer with other bytes around it. */
    public static Sample sample(String line) {
        byte[] buffer = ("_" + line + "_").getBytes(StandardCharsets.UTF_8);
        Sample sample = new Sample();
        sample.buffer = buffer;
        sample.rate = 1;
        int colon = indexOf(buffer, ':', 1);
        int pipe = indexOf(buffer, '|', colon);
        sample.nameStart = 1;
        sample.nameEnd = colon;
        int typeEnd = fieldEnd(buffer, pipe + 1);
        sample.type = type(text(buffer, pipe + 1, typeEnd));
        if (sample.type == MetricType.SET) {
            sample.memberStart = colon + 1;
            sample.memberEnd = pipe;
        } else {
            for (String value : text(buffer, colon + 1, pipe).split(":", -1)) {
                sample.addValue(Double.parseDouble(value));
            }
        }
        for (int at = typeEnd; at < buffer.length - 1; at = fieldEnd(buffer, at + 1)) {
            option(sample, at + 1, fieldEnd(buffer, at + 1));
        }
        sample.hash = LineHash.of(sample);
        return sample;
    }

    private static void option(Sample sample, int from, int to) {
        String option = text(sample.buffer, from, to);
        switch (option.charAt(0)) {
            case '#' -> {
                sample.tagsStart = from + 1;
                sample.tagsEnd = to;
            }
            case '@' -> sample.rate = Double.parseDouble(option.substring(1));
            case 'T' -> sample.timestampS = Long.parseLong(option.substring(1));
            default -> throw new IllegalArgumentException(option);
        }
    }

    private static MetricType type(String wire) {
        for (MetricType type : MetricType.values()) {
            if (type.wire().equals(wire)) {
                return type;
            }
        }
        throw new IllegalArgumentException(wire);
    }

    private static int fieldEnd(byte[] buffer, int from) {
        int at = from;
        while (at < buffer.length - 1 && buffer[at] != '|') {
            at++;
        }
        return at;
    }

    private static int indexOf(byte[] buffer, char wanted, int from) {
        int at = from;
        while (buffer[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String text(byte[] buffer, int from, int to) {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
