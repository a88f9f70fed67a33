package io.dogsled.cli;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.dogsled.testserver.IntakeView;
import java.util.ArrayList;
import java.util.List;

/** {@link Comparison} for tests of other rooms: what was sent, and where an intake shows something else. One thread. */
public final class Emitted {
    private final List<EmittedSample> samples = new ArrayList<>();

    /** A sample that the extension received between two seconds of the epoch; {@code type} as in {@link Comparison}. */
    public record Sample(String name, String type, List<String> tags, long fromS, long toS) {}

    public void number(Sample sample, double value) {
        samples.add(new EmittedSample(key(sample), DoubleNode.valueOf(value), sample.fromS(), sample.toS()));
    }

    public void text(Sample sample, String value) {
        samples.add(new EmittedSample(key(sample), TextNode.valueOf(value), sample.fromS(), sample.toS()));
    }

    /** One line for every context that is not as it was sent, and for every one that nobody sent. */
    public List<String> differences(IntakeView intake) {
        return Comparison.of(samples, intake).stream()
                .filter(row -> !row.equal())
                .map(row -> row.key() + ": sent " + row.emitted() + ", arrived " + row.arrived())
                .toList();
    }

    private static EmittedSample.Key key(Sample sample) {
        return new EmittedSample.Key(sample.name(), sample.type(), sample.tags());
    }
}
