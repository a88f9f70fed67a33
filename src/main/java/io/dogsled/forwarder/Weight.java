package io.dogsled.forwarder;

import io.dogsled.metrics.Context;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.SeriesPoint;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.metrics.SketchPoint;
import java.util.List;

/**
 * About how many bytes of heap a waiting value keeps alive. An estimate on the high side: a context is counted with each
 * of its buckets, since it may be the queue alone that still holds it.
 */
final class Weight {
    private static final long OBJECT = 48;
    private static final long ENTRY = 64;

    private Weight() {}

    static long of(SeriesPoint point) {
        return ENTRY
                + OBJECT
                + of(point.context())
                + OBJECT * 2 * point.values().size();
    }

    static long of(SketchPoint point) {
        return ENTRY + OBJECT * 3 + of(point.context()) + 8L * point.sketch().bins();
    }

    static long of(Event event) {
        return ENTRY + OBJECT + 2L * (event.title().length() + event.text().length()) + of(event.tags());
    }

    static long of(ServiceCheck check) {
        return ENTRY + OBJECT + 2L * (check.name().length() + check.message().length()) + of(check.tags());
    }

    private static long of(Context context) {
        long weight = OBJECT + context.name().length();
        for (int i = 0; i < context.tags().size(); i++) {
            weight += OBJECT + context.tags().get(i).length();
        }
        return weight;
    }

    private static long of(List<String> tags) {
        long weight = 0;
        for (int i = 0; i < tags.size(); i++) {
            weight += OBJECT + 2L * tags.get(i).length();
        }
        return weight;
    }
}
