package io.dogsled.telemetry;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * Names stay as they are, without namespace, mapping or block list, as in the Agent, where these metrics do not pass through
 * the DogStatsD server. The tags are those of the line, which {@link EnhancedTags} made.
 */
public final class TagSplitter implements Enricher {
    @Override
    public Context enrich(Sample sample) {
        List<Text> tags = new ArrayList<>();
        int start = sample.tagsStart;
        for (int i = start; i <= sample.tagsEnd; i++) {
            if (i == sample.tagsEnd || sample.buffer[i] == ',') {
                Text tag = Text.copyOf(sample.buffer, start, i);
                if (tag.length() > 0 && !tags.contains(tag)) {
                    tags.add(tag);
                }
                start = i + 1;
            }
        }
        tags.sort(null);
        return new Context(sample.type, Text.copyOf(sample.buffer, sample.nameStart, sample.nameEnd), tags);
    }

    @Override
    public List<Text> commonTags() {
        return List.of();
    }
}
