package io.dogsled.config;

import io.dogsled.base.Log;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Environment variables → {@link Config}, once, before anything else runs. It never throws: a value that cannot be used
 * becomes a {@link ConfigProblem} and the default. {@code docs/configuration.md} describes every variable read here, and
 * a test compares the two.
 */
public final class ConfigReader {
    private static final String[] LEVELS = {"trace", "debug", "info", "warn", "warning", "error", "critical", "off"};
    private static final Log.Level[] LEVEL_OF = {
        Log.Level.DEBUG,
        Log.Level.DEBUG,
        Log.Level.INFO,
        Log.Level.WARN,
        Log.Level.WARN,
        Log.Level.ERROR,
        Log.Level.ERROR,
        Log.Level.OFF
    };
    private static final int WARN = 3;

    private ConfigReader() {}

    /** What this process was started with. */
    public static Map<String, String> environment() {
        return System.getenv();
    }

    /** Reads every setting; what cannot be used is added to {@code problems}. */
    public static Config read(Map<String, String> environment, List<ConfigProblem> problems) {
        Settings settings = new Settings(environment, problems);
        boolean enhancedMetrics = settings.flag("DD_ENHANCED_METRICS", false);
        Config.NameFilter filter = nameFilter(settings, enhancedMetrics);
        Parallelism parallelism =
                Parallelism.read(settings, Runtime.getRuntime().availableProcessors());
        Config.Dogstatsd server = new ServerReader(settings).read(filter, parallelism.workers());
        Config config = new Config(
                server,
                new AggregationReader(settings).read(filter, parallelism.pipelinesFor(server, settings)),
                new IntakeReader(settings).read(),
                new FlushReader(settings).read(),
                new Config.Control(settings.integer("DD_DOGSLED_CONTROL_PORT", 8124, 0, 65_535)),
                settings.flag("DD_DOGSLED_SELF_METRICS", false),
                enhancedMetrics,
                function(settings),
                LEVEL_OF[settings.choice("DD_LOG_LEVEL", WARN, LEVELS)]);
        settings.reportUnknownNames();
        return config;
    }

    /** Datadog's libraries for functions send these too: who counts them here must not take them from there (N2). */
    private static Config.NameFilter nameFilter(Settings settings, boolean enhancedMetrics) {
        List<String> names = settings.list("DD_STATSD_METRIC_BLOCKLIST");
        if (enhancedMetrics) {
            names.add("aws.lambda.enhanced.invocations");
            names.add("aws.lambda.enhanced.errors");
        }
        return new Config.NameFilter(
                Collections.unmodifiableList(names), settings.flag("DD_STATSD_METRIC_BLOCKLIST_MATCH_PREFIX", false));
    }

    private static Config.Function function(Settings settings) {
        return new Config.Function(
                settings.text("AWS_LAMBDA_FUNCTION_NAME"),
                settings.text("AWS_LAMBDA_FUNCTION_VERSION"),
                settings.text("AWS_REGION"),
                settings.text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"),
                settings.text("AWS_LAMBDA_INITIALIZATION_TYPE"));
    }
}
