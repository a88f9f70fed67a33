package io.dogsled.config;

import java.util.Collections;
import java.util.List;

/** The section {@link Config.Dogstatsd} (protocol.md §1.7, §7.1). */
final class ServerReader {
    private static final int DEFAULT_PORT = 8125;
    private static final String LOCAL = "localhost";
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int MAX_BUFFER_BYTES = 1 << 30;
    private static final int MAX_MAPPER_NAMES = 100_000;

    /** The Agent's {@code StandardStatsdPrefixes}: names that get no namespace. */
    private static final List<String> STANDARD_PREFIXES = List.of(
            "datadog.agent",
            "datadog.dogstatsd",
            "datadog.process",
            "datadog.trace_agent",
            "datadog.tracer",
            "activemq",
            "activemq_58",
            "airflow",
            "cassandra",
            "confluent",
            "hazelcast",
            "hive",
            "ignite",
            "jboss",
            "jvm",
            "kafka",
            "presto",
            "sidekiq",
            "solr",
            "tomcat",
            "runtime");

    private final Settings settings;

    ServerReader(Settings settings) {
        this.settings = settings;
    }

    Config.Dogstatsd read(Config.NameFilter filter, int workers) {
        TransportReader transports = new TransportReader(settings);
        return new Config.Dogstatsd(
                port(),
                bindHost(),
                settings.integer("DD_DOGSTATSD_SO_RCVBUF", 0, 0, MAX_BUFFER_BYTES),
                transports.endOfLineRequired("udp"),
                settings.flag("DD_DOGSTATSD_NO_AGGREGATION_PIPELINE", true),
                namespace(),
                namespaceExclusions(),
                filter,
                new TagReader(settings).read(),
                new Config.Mapper(
                        settings.text("DD_DOGSTATSD_MAPPER_PROFILES"),
                        settings.integer("DD_DOGSTATSD_MAPPER_CACHE_SIZE", 1_000, 1, MAX_MAPPER_NAMES)),
                settings.text("DD_METRIC_TAG_FILTERLIST"),
                workers,
                transports.read(),
                settings.flag("DD_DOGSTATSD_METRICS_STATS_ENABLE", false));
    }

    private int port() {
        String variable = "DD_DOGSTATSD_PORT";
        String value = settings.text(variable);
        if (value.isEmpty()) {
            return DEFAULT_PORT;
        }
        if (value.equals("__random__")) {
            return Config.RANDOM_PORT;
        }
        long port = Settings.wholeNumber(value);
        if (port < 0 || port > 65_535) {
            settings.problem(
                    variable, value, "a port from 1 to 65535, 0 for none, or __random__", String.valueOf(DEFAULT_PORT));
            return DEFAULT_PORT;
        }
        return (int) port;
    }

    /** What the launcher takes, too. */
    private String bindHost() {
        String host = settings.text("DD_BIND_HOST");
        if (settings.flag("DD_DOGSTATSD_NON_LOCAL_TRAFFIC", false)) {
            return EVERYWHERE;
        }
        if (host.isEmpty() || host.equalsIgnoreCase(LOCAL)) {
            return LOCAL;
        }
        if (!BindHost.isAddress(host)) {
            settings.problem("DD_BIND_HOST", host, "localhost or an IP address", LOCAL);
            return LOCAL;
        }
        return host;
    }

    private String namespace() {
        String namespace = settings.text("DD_STATSD_METRIC_NAMESPACE");
        for (int i = 0; i < namespace.length(); i++) {
            char c = namespace.charAt(i);
            if (c <= ' ' || ":|@#,".indexOf(c) >= 0) {
                settings.problem(
                        "DD_STATSD_METRIC_NAMESPACE", namespace, "a name without spaces or any of : | @ # ,", "none");
                return "";
            }
        }
        return namespace.isEmpty() || namespace.endsWith(".") ? namespace : namespace + ".";
    }

    private List<String> namespaceExclusions() {
        List<String> given = settings.list("DD_STATSD_METRIC_NAMESPACE_BLACKLIST");
        return given.isEmpty() ? STANDARD_PREFIXES : Collections.unmodifiableList(given);
    }
}
