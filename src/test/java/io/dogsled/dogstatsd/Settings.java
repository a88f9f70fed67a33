package io.dogsled.dogstatsd;

import com.fasterxml.jackson.databind.JsonNode;
import io.dogsled.base.Clock;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import java.util.ArrayList;
import java.util.List;

/** Settings of the server for tests: a free port on loopback and defaults, or what a conformance case says. */
final class Settings {
    private static final Config.NameFilter NO_FILTER = new Config.NameFilter(List.of(), false);

    private Settings() {}

    static Config.Dogstatsd defaults() {
        return with("", NO_FILTER, List.of());
    }

    static Config.Dogstatsd with(String namespace, Config.NameFilter filter, List<String> tags) {
        return new Config.Dogstatsd(
                Config.RANDOM_PORT,
                "127.0.0.1",
                0,
                false,
                true,
                namespace,
                List.of("jvm", "runtime"),
                filter,
                tags,
                Config.Mapper.NONE,
                "",
                0,
                Config.Transports.UDP_ALONE,
                false);
    }

    static Config.Dogstatsd withTags(String... tags) {
        return with("", NO_FILTER, List.of(tags));
    }

    static Config.Dogstatsd withPort(int port) {
        return with(port, Config.Mapper.NONE, Config.Transports.UDP_ALONE);
    }

    static Config.Dogstatsd withMapper(String profiles) {
        return with(0, new Config.Mapper(profiles, 100), Config.Transports.UDP_ALONE);
    }

    /** UDP on {@code port} of loopback, and other ways in. */
    static Config.Dogstatsd withTransports(int port, Config.Transports transports) {
        return with(port, Config.Mapper.NONE, transports);
    }

    /** UDP, and threads that parse. */
    static Config.Dogstatsd withWorkers(int workers, Config.Transports transports) {
        return with(Config.RANDOM_PORT, workers, Config.Mapper.NONE, transports);
    }

    static Config.Dogstatsd eolRequired() {
        return defaults().withEolRequired(true);
    }

    /** The {@code config} of a conformance case; host names and origin detection have no setting here. */
    static Config.Dogstatsd of(JsonNode config) {
        boolean timestamps = config.path("dogstatsd_no_aggregation_pipeline").asBoolean(true);
        Config.NameFilter filter = new Config.NameFilter(
                strings(config.path("metric_filterlist")),
                config.path("match_prefix").asBoolean(false));
        String namespace = config.path("namespace").asText("");
        List<String> tags = strings(config.path("dogstatsd_tags"));
        return new Config.Dogstatsd(
                0,
                "127.0.0.1",
                0,
                false,
                timestamps,
                namespace,
                List.of(),
                filter,
                tags,
                Config.Mapper.NONE,
                "",
                0,
                Config.Transports.UDP_ALONE,
                false);
    }

    private static Config.Dogstatsd with(int port, Config.Mapper mapper, Config.Transports transports) {
        return with(port, 0, mapper, transports);
    }

    private static Config.Dogstatsd with(int port, int workers, Config.Mapper mapper, Config.Transports transports) {
        return new Config.Dogstatsd(
                port,
                "127.0.0.1",
                0,
                false,
                true,
                "",
                List.of(),
                NO_FILTER,
                List.of(),
                mapper,
                "",
                workers,
                transports,
                false);
    }

    static Instruments instruments() {
        return new Instruments(Clock.system(), new Counters(), new Log(Log.Level.OFF));
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        for (JsonNode entry : array) {
            strings.add(entry.asText());
        }
        return strings;
    }
}
