package io.dogsled.dogstatsd.mapper;

import io.dogsled.base.Clock;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;

/** Mappers for tests. */
final class Mappers {
    private Mappers() {}

    static Instruments instruments() {
        return new Instruments(Clock.system(), new Counters(), new Log(Log.Level.OFF));
    }

    static MetricMapper parse(String json) throws MapperException {
        return MetricMapper.parse(json, 10, instruments());
    }

    /** One mapping for all names. */
    static String profile(String matchType, String match, String name) {
        return "[{\"name\":\"p\",\"prefix\":\"*\",\"mappings\":[{\"match_type\":\"" + matchType + "\",\"match\":\""
                + match.replace("\\", "\\\\") + "\",\"name\":\"" + name + "\"}]}]";
    }

    static MetricMapper regex(String match, String name) throws MapperException {
        return parse(profile("regex", match, name));
    }
}
