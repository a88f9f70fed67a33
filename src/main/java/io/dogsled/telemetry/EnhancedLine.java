package io.dogsled.telemetry;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.metrics.MetricType;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Hands distributions to a sink as if a client had written them: {@code aws.lambda.enhanced.duration:1.5|d|#…|T…}. */
final class EnhancedLine {
    private static final String PREFIX = "aws.lambda.enhanced.";
    private static final long MS_PER_S = 1_000;

    private final SampleSink sink;
    private final Instruments instruments;
    private final Sample sample = new Sample();

    EnhancedLine(SampleSink sink, Instruments instruments) {
        this.sink = sink;
        this.instruments = instruments;
        sample.type = MetricType.DISTRIBUTION;
        sample.rate = 1;
    }

    /** Sends one value of the second of {@code atMs}; a value below 0 is none. */
    void send(String name, byte[] tags, double value, long atMs) {
        if (!(value >= 0)) {
            return;
        }
        byte[] nameBytes = (PREFIX + name).getBytes(StandardCharsets.UTF_8);
        byte[] line = Arrays.copyOf(nameBytes, nameBytes.length + tags.length);
        System.arraycopy(tags, 0, line, nameBytes.length, tags.length);
        sample.buffer = line;
        sample.nameEnd = nameBytes.length;
        sample.tagsStart = nameBytes.length;
        sample.tagsEnd = line.length;
        sample.hash = Arrays.hashCode(line); // any will do that is always the same
        sample.timestampS = Math.max(1, atMs / MS_PER_S);
        sample.clearValues();
        sample.addValue(value);
        sink.beginDatagram(instruments.clock().nowMs());
        sink.accept(sample);
        sink.endDatagram();
        instruments.counters().increment(Counter.ENHANCED);
    }
}
