package io.dogsled.aggregator;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Text;
import java.util.Arrays;
import java.util.List;

/**
 * Names and tags that were kept before, so that contexts share what they have in common: {@code env:prod} is there once and
 * not ten thousand times. A place for each hash, the newest text in it; no promise, only memory saved.
 */
final class Texts {
    private static final int PLACES = 1_024;

    /** Longer ones are rarely shared, and a thousand of them would be many bytes. */
    private static final int LONGEST = 100;

    private final Text[] known = new Text[PLACES];

    Texts() {
        Arrays.fill(known, Text.EMPTY);
    }

    /** An equal context out of texts that are shared. */
    Context shared(Context context) {
        List<Text> tags = context.tags();
        Text[] shared = new Text[tags.size()];
        for (int i = 0; i < shared.length; i++) {
            shared[i] = shared(tags.get(i));
        }
        return new Context(context.type(), shared(context.name()), List.of(shared));
    }

    private Text shared(Text text) {
        if (text.length() > LONGEST) {
            return text;
        }
        int hash = text.hashCode();
        int place = (hash ^ hash >>> 16) & (PLACES - 1);
        if (!known[place].equals(text)) {
            known[place] = text;
        }
        return known[place];
    }
}
