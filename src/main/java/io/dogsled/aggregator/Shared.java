package io.dogsled.aggregator;

import io.dogsled.base.Counters;
import io.dogsled.base.Log;
import io.dogsled.config.Config;

/** What the pipelines of one process have in common; any thread. */
record Shared(Counters counters, Limits limits, Room room, LimitLog log) {
    static Shared of(Config.Aggregation settings, Counters counters, Log log) {
        return with(Limits.ofContexts(settings.contextLimit()), counters, log);
    }

    static Shared with(Limits limits, Counters counters, Log log) {
        return new Shared(counters, limits, new Room(limits), new LimitLog(log, limits));
    }
}
