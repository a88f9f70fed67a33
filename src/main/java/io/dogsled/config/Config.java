package io.dogsled.config;

import io.dogsled.base.Log;
import java.util.List;

/**
 * Every setting of the extension, read once by {@link ConfigReader}. {@code docs/configuration.md} has the effect, the
 * default and the limits of each. Immutable.
 *
 * @param selfMetrics whether Dogsled sends metrics about itself
 * @param enhancedMetrics whether it sends metrics about the function's invocations
 */
public record Config(
        Dogstatsd dogstatsd,
        Aggregation aggregation,
        Intake intake,
        Flush flush,
        Control control,
        boolean selfMetrics,
        boolean enhancedMetrics,
        Function function,
        Log.Level logLevel) {

    /** The port value that means: any free one ({@code __random__}). */
    public static final int RANDOM_PORT = -1;

    /**
     * The server (protocol.md §7.1).
     *
     * @param port 1 to 65535, 0 = off, {@link #RANDOM_PORT}
     * @param receiveBufferBytes 0 = as large as it gets
     * @param eolRequired whether a UDP datagram's last line counts only with a line end
     * @param readTimestamps whether {@code T} options are read
     * @param namespace {@code ""} or ending in a dot
     * @param tags added to every metric, event and check: sorted, unique
     * @param mapper how names are rewritten
     * @param tagFilterlist which tags are taken off which metrics: a JSON array, not looked at yet; {@code ""} = none
     * @param workers threads that parse beside those that receive; 0 = who receives does it
     * @param transports the ways in beside UDP
     * @param contextStats whether samples are counted per context from the start
     */
    public record Dogstatsd(
            int port,
            String bindHost,
            int receiveBufferBytes,
            boolean eolRequired,
            boolean readTimestamps,
            String namespace,
            List<String> namespaceExclusions,
            NameFilter nameFilter,
            List<String> tags,
            Mapper mapper,
            String tagFilterlist,
            int workers,
            Transports transports,
            boolean contextStats) {

        /** The same with another rule for last lines: that of another transport. */
        public Dogstatsd withEolRequired(boolean required) {
            return new Dogstatsd(
                    port,
                    bindHost,
                    receiveBufferBytes,
                    required,
                    readTimestamps,
                    namespace,
                    namespaceExclusions,
                    nameFilter,
                    tags,
                    mapper,
                    tagFilterlist,
                    workers,
                    transports,
                    contextStats);
        }
    }

    /**
     * How datagrams come beside UDP, and where else they go (protocol.md §7.1).
     *
     * @param datagramSocket the path of a Unix datagram socket, which the launcher binds; {@code ""} = none
     * @param streamSocket the path of a Unix stream socket; {@code ""} = none
     * @param udsEolRequired whether the last line of what comes over a Unix socket counts only with a line end
     * @param bufferBytes the longest frame of a stream, 1 to 65,536
     * @param queueSize packets that may wait for the workers, at least 1
     * @param forward where every datagram is sent to as well
     * @param statisticsS seconds whose packets are counted one by one; 0 = they are not
     */
    public record Transports(
            String datagramSocket,
            String streamSocket,
            boolean udsEolRequired,
            int bufferBytes,
            int queueSize,
            Forward forward,
            int statisticsS) {
        /** UDP alone. */
        public static final Transports UDP_ALONE = new Transports("", "", false, 65_536, 1_024, Forward.NOWHERE, 0);

        /** Whether there is a listener that only the engine itself can start. */
        public boolean hasStreamSocket() {
            return !streamSocket.isEmpty();
        }
    }

    /** A UDP address for a copy of every datagram; {@code host} is {@code ""} if there is none. */
    public record Forward(String host, int port) {
        /** Nothing is forwarded. */
        public static final Forward NOWHERE = new Forward("", 0);

        /** Whether there is anything to forward to. */
        public boolean isOn() {
            return !host.isEmpty();
        }
    }

    /**
     * Mapping profiles (protocol.md §5).
     *
     * @param profiles a JSON array, not looked at yet; {@code ""} = none
     * @param cacheSize how many names are remembered, at least 1
     */
    public record Mapper(String profiles, int cacheSize) {
        /** Names stay as they are. */
        public static final Mapper NONE = new Mapper("", 1_000);
    }

    /** Metric names that go no further, as received and as generated (protocol.md §1.7). */
    public record NameFilter(List<String> names, boolean matchPrefix) {}

    /** How counters leave (rulings.md 4). */
    public enum CountMode {
        COUNT,
        RATE,
        DISTRIBUTION
    }

    /**
     * The aggregator (protocol.md §2.2).
     *
     * @param histogramAggregates out of max, min, median, avg, sum, count
     * @param histogramPercentiles 1 to 100, sorted
     * @param copyPrefix put before the name of a histogram's copy as a distribution
     * @param contextLimit past it, new contexts fold into one a metric name
     * @param pipelines how many aggregators share the contexts, at least 1
     */
    public record Aggregation(
            List<String> histogramAggregates,
            List<Integer> histogramPercentiles,
            boolean copyHistogramToDistribution,
            String copyPrefix,
            CountMode countMode,
            NameFilter nameFilter,
            int contextLimit,
            int pipelines) {}

    /** What happens to a sketch whose delivery is unknown (rulings.md 12). */
    public enum Ambiguous {
        RESEND,
        DROP
    }

    /**
     * The intake and what waits for it.
     *
     * @param baseUrl {@code http://…} or {@code https://…} without a path or trailing slash
     * @param apiKey {@code ""} = none: nothing is sent, unless there is a file
     * @param keyFile the path of the file with the key, not looked at yet; {@code ""} = none. Only if {@code apiKey} is none
     * @param additionalEndpoints where else the data goes: a JSON object, not looked at yet; {@code ""} = nowhere
     * @param compress deflate, or not at all
     * @param certFile a PEM file of certificates to trust beside the usual ones; {@code ""} = none
     * @param deadLetterBytes the most that is written to the log of what could not be delivered; 0 = nothing
     * @param queueBytes how much may wait for the intake, by estimate of the heap it takes
     */
    public record Intake(
            String baseUrl,
            String apiKey,
            String keyFile,
            String additionalEndpoints,
            Ambiguous ambiguous,
            boolean compress,
            String certFile,
            int deadLetterBytes,
            int queueBytes) {

        /** Whether a text is {@code http://} or {@code https://}, a host and perhaps a port, and nothing else. */
        public static boolean isBaseUrl(String text) {
            return IntakeReader.isBaseUrl(text);
        }

        /** Whether a text can be an API key: visible ASCII characters without quotes, one at least. */
        public static boolean isKey(String text) {
            return IntakeReader.isKey(text);
        }
    }

    /**
     * How connections get out, read by {@link ConnectionReader}.
     *
     * @param httpsProxy {@code http://[user[:password]@]host[:port]}, the way to an https intake; {@code ""} = straight
     * @param httpProxy the same for a plain one
     * @param noProxy hosts, domains, addresses and ranges that are reached without either
     * @param verified whether a certificate must be right
     * @param tls13Only whether TLS 1.2 is not enough
     */
    public record Connection(
            String httpsProxy, String httpProxy, List<String> noProxy, boolean verified, boolean tls13Only) {
        /** No proxy, and certificates looked at. */
        public static final Connection STRAIGHT = new Connection("", "", List.of(), true, false);
    }

    /**
     * When a flush happens.
     *
     * @param intervalMs 0 where the strategy has none
     * @param budgetMs the longest an invocation may be held after its function
     * @param maxDataAgeMs how old data may be expected to get, 1,000 to 3,600,000
     */
    public record Flush(Strategy strategy, long intervalMs, long budgetMs, long maxDataAgeMs) {}

    /** The strategies of {@code DD_SERVERLESS_FLUSH_STRATEGY}. */
    public enum Strategy {
        ADAPTIVE,
        END,
        PERIODICALLY,
        CONTINUOUSLY
    }

    /** The local endpoint; port 0 = off. */
    public record Control(int port) {}

    /**
     * What the platform says of the function; every text may be empty.
     *
     * @param memorySize in MB
     */
    public record Function(String name, String version, String region, String memorySize, String initializationType) {
        public boolean managedInstances() {
            return initializationType.equals("lambda-managed-instances");
        }

        /** Whether a snapshot is taken after init, and copies of it do the work. */
        public boolean snapStart() {
            return initializationType.equals("snap-start");
        }
    }
}
