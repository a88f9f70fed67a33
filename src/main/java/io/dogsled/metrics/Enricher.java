package io.dogsled.metrics;

import java.util.List;

/**
 * Turns a line as the client wrote it into the context it is counted under: mapping, namespace, block list, reserved
 * tags, tags added to everything (protocol.md §1.6, §1.7, §5). The aggregator asks once per new spelling and remembers.
 */
public interface Enricher {
    /** The answer for a name on the block list: the sample is counted and goes no further. */
    Context BLOCKED = new Context(MetricType.COUNT, Text.EMPTY, List.of());

    /**
     * The context of a sample, or {@link #BLOCKED}. Copies what it keeps of the sample's buffer.
     */
    Context enrich(Sample sample);

    /** The tags that everything gets, for what stands for many contexts; in any order, none reserved. */
    List<Text> commonTags();
}
