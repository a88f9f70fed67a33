package io.dogsled.testing;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Sorts tags and drops repeated and empty ones; blocks names that begin with {@code blocked.}. */
public final class PlainEnricher implements Enricher {
    private int asked;

    /** How often it was asked. */
    public int asked() {
        return asked;
    }

    @Override
    public Context enrich(Sample sample) {
        asked++;
        Text name = Text.copyOf(sample.buffer, sample.nameStart, sample.nameEnd);
        if (name.startsWith(Text.of("blocked."))) {
            return BLOCKED;
        }
        TreeSet<Text> tags = new TreeSet<>();
        int from = sample.tagsStart;
        for (int at = from; at <= sample.tagsEnd; at++) {
            if (at == sample.tagsEnd || sample.buffer[at] == ',') {
                if (at > from) {
                    tags.add(Text.copyOf(sample.buffer, from, at));
                }
                from = at + 1;
            }
        }
        List<Text> sorted = new ArrayList<>(tags);
        return new Context(sample.type, name, sorted);
    }

    @Override
    public List<Text> commonTags() {
        return List.of();
    }
}
