package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Log;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void everyDefaultOfTheServerIsWhatThePageSays() {
        Config.Dogstatsd server = read().dogstatsd();

        assertThat(server)
                .isEqualTo(new Config.Dogstatsd(
                        8125,
                        "localhost",
                        0,
                        false,
                        true,
                        "",
                        server.namespaceExclusions(),
                        new Config.NameFilter(List.of(), false),
                        List.of(),
                        Config.Mapper.NONE,
                        "",
                        0,
                        Config.Transports.UDP_ALONE,
                        false));
    }

    @Test
    void everyOtherDefaultIsWhatThePageSays() {
        Config config = read();

        assertThat(config.aggregation())
                .isEqualTo(new Config.Aggregation(
                        List.of("max", "median", "avg", "count"),
                        List.of(95),
                        false,
                        "",
                        Config.CountMode.COUNT,
                        new Config.NameFilter(List.of(), false),
                        10_240,
                        1));
    }

    @Test
    void everyDefaultOfDeliveryIsWhatThePageSays() {
        Config config = read();

        assertThat(config.intake())
                .isEqualTo(new Config.Intake(
                        "https://api.datadoghq.com",
                        "",
                        "",
                        "",
                        Config.Ambiguous.RESEND,
                        true,
                        "",
                        1_000_000,
                        16 << 20));
        assertThat(config.flush()).isEqualTo(new Config.Flush(Config.Strategy.ADAPTIVE, 0, 250, 10_000));
        assertThat(config.control()).isEqualTo(new Config.Control(8124));
        assertThat(config.selfMetrics()).isFalse();
        assertThat(config.enhancedMetrics()).isFalse();
        assertThat(config.function()).isEqualTo(new Config.Function("", "", "", "", ""));
        assertThat(config.logLevel()).isEqualTo(Log.Level.WARN);
    }

    @ParameterizedTest
    @CsvSource({"128, 10240", "192, 15360", "200, 16000", "10240, 16000", "64, 5120", "1, 1000", "much, 10240"})
    void theContextLimitFollowsTheMemoryOfTheFunction(String memoryMb, int contexts) {
        assertThat(read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", memoryMb)
                        .aggregation()
                        .contextLimit())
                .isEqualTo(contexts);
    }

    @ParameterizedTest
    @CsvSource({"10, 10", "32000, 32000", "9, 16000", "32001, 16000", "-1, 16000"})
    void theContextLimitCanBeSetWithinARange(String limit, int contexts) {
        Config.Aggregation settings = read("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512", "DD_DOGSLED_CONTEXT_LIMIT", limit)
                .aggregation();

        assertThat(settings.contextLimit()).isEqualTo(contexts);
        assertThat(lines().stream().anyMatch(line -> line.startsWith("DD_DOGSLED_CONTEXT_LIMIT=\"" + limit)))
                .isEqualTo(!limit.equals(String.valueOf(contexts)));
    }

    @Test
    void namesOfTheStandardIntegrationsGetNoNamespaceByDefault() {
        assertThat(read().dogstatsd().namespaceExclusions())
                .hasSize(21)
                .startsWith("datadog.agent", "datadog.dogstatsd")
                .endsWith("tomcat", "runtime");
    }

    @Test
    void withoutAnySettingOnlyTheMissingKeyIsReported() {
        read();

        assertThat(lines())
                .containsExactly("DD_API_KEY is not set: expected the API key of your organisation;"
                        + " using none: nothing is sent, metrics are held and lost at shutdown");
    }

    @Test
    void factsOfThePlatformAreTakenAsTheyAre() {
        Config.Function function = read(
                        "AWS_LAMBDA_FUNCTION_NAME", "orders",
                        "AWS_LAMBDA_FUNCTION_VERSION", "7",
                        "AWS_REGION", "eu-west-1",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances")
                .function();

        assertThat(function)
                .isEqualTo(new Config.Function("orders", "7", "eu-west-1", "512", "lambda-managed-instances"));
        assertThat(function.managedInstances()).isTrue();
    }

    @Test
    void whoCountsInvocationsHereDoesNotTakeThemFromALibraryAsWell() {
        Config config = readWithKey("DD_ENHANCED_METRICS", "true", "DD_STATSD_METRIC_BLOCKLIST", "mine");

        assertThat(config.enhancedMetrics()).isTrue();
        assertThat(config.dogstatsd().nameFilter().names())
                .containsExactly("mine", "aws.lambda.enhanced.invocations", "aws.lambda.enhanced.errors");
        assertThat(readWithKey("DD_ENHANCED_METRICS", "false")
                        .dogstatsd()
                        .nameFilter()
                        .names())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "65535, 65535", "' 9125 ', 9125", "__random__, -1"})
    void portsInRangeAreTaken(String value, int port) {
        assertThat(readWithKey("DD_DOGSTATSD_PORT", value).dogstatsd().port()).isEqualTo(port);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "8125x", "1e3", "99999999999999999999", "٨", "+1"})
    void otherPortsAreReportedAndReplacedByTheDefault(String value) {
        assertThat(readWithKey("DD_DOGSTATSD_PORT", value).dogstatsd().port()).isEqualTo(8125);
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_PORT=\"" + value + "\" is not usable:"
                        + " expected a port from 1 to 65535, 0 for none, or __random__; using 8125");
    }

    @Test
    void nonLocalTrafficBeatsTheBindHost() {
        assertThat(read("DD_BIND_HOST", "10.0.0.1").dogstatsd().bindHost()).isEqualTo("10.0.0.1");
        assertThat(read("DD_BIND_HOST", "10.0.0.1", "DD_DOGSTATSD_NON_LOCAL_TRAFFIC", "TRUE")
                        .dogstatsd()
                        .bindHost())
                .isEqualTo("0.0.0.0");
    }

    @ParameterizedTest
    @CsvSource({"LocalHost, localhost", "' ::1 ', ::1", "0.0.0.0, 0.0.0.0"})
    void localhostAndAddressesAreBound(String value, String host) {
        assertThat(readWithKey("DD_BIND_HOST", value).dogstatsd().bindHost()).isEqualTo(host);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"my.host", "[::1]"})
    void whatTheLauncherCannotBindIsReported(String value) {
        assertThat(readWithKey("DD_BIND_HOST", value).dogstatsd().bindHost()).isEqualTo("localhost");
        assertThat(lines())
                .containsExactly("DD_BIND_HOST=\"" + value
                        + "\" is not usable: expected localhost or an IP address; using localhost");
    }

    @ParameterizedTest
    @CsvSource({
        "' true', true",
        "' 1 ', true",
        "true, true",
        "T, true",
        "1, true",
        "False, false",
        "f, false",
        "0, false"
    })
    void flagsAreReadAsTheAgentReadsThem(String value, boolean expected) {
        assertThat(readWithKey("DD_HISTOGRAM_COPY_TO_DISTRIBUTION", value)
                        .aggregation()
                        .copyHistogramToDistribution())
                .isEqualTo(expected);
        assertThat(problems).isEmpty();
    }

    @Test
    void aFlagThatIsNeitherKeepsItsDefault() {
        assertThat(readWithKey("DD_DOGSTATSD_NO_AGGREGATION_PIPELINE", "yes")
                        .dogstatsd()
                        .readTimestamps())
                .isTrue();
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_NO_AGGREGATION_PIPELINE=\"yes\" is not usable:"
                        + " expected true or false; using true");
    }

    @Test
    void lineEndsAreRequiredOnlyForUdp() {
        assertThat(readWithKey("DD_DOGSTATSD_EOL_REQUIRED", "uds named_pipe")
                        .dogstatsd()
                        .eolRequired())
                .isFalse();
        assertThat(readWithKey("DD_DOGSTATSD_EOL_REQUIRED", "uds,udp,tcp")
                        .dogstatsd()
                        .eolRequired())
                .isTrue();
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_EOL_REQUIRED=\"tcp\" is not usable:"
                        + " expected udp, uds or named_pipe; using the others");
    }

    @ParameterizedTest
    @CsvSource({"shop, shop.", "shop., shop.", "'', ''"})
    void theNamespaceEndsInADot(String value, String expected) {
        assertThat(read("DD_STATSD_METRIC_NAMESPACE", value).dogstatsd().namespace())
                .isEqualTo(expected);
    }

    @Test
    void aNamespaceThatWouldBreakALineIsNotUsed() {
        assertThat(readWithKey("DD_STATSD_METRIC_NAMESPACE", "a:b").dogstatsd().namespace())
                .isEmpty();
        assertThat(problems).hasSize(1);
    }

    @Test
    void theTagFilterListIsHandedOnAsItIs() {
        String rules = "[{\"metric_name\":\"a b\",\"tags\":[\"x\"]}]";
        Config config =
                ConfigReader.read(Map.of("DD_API_KEY", "k", "DD_METRIC_TAG_FILTERLIST", " " + rules + "\n"), problems);
        assertThat(config.dogstatsd().tagFilterlist()).isEqualTo(rules);
        assertThat(problems).isEmpty();
    }

    @Test
    void blockListReachesTheServerAndTheAggregator() {
        Config config = read(
                "DD_STATSD_METRIC_BLOCKLIST", "a.b c.d,e",
                "DD_STATSD_METRIC_BLOCKLIST_MATCH_PREFIX", "true",
                "DD_STATSD_METRIC_NAMESPACE_BLACKLIST", "own other");

        Config.NameFilter filter = new Config.NameFilter(List.of("a.b", "c.d", "e"), true);
        assertThat(config.dogstatsd().nameFilter()).isEqualTo(filter);
        assertThat(config.aggregation().nameFilter()).isEqualTo(filter);
        assertThat(config.dogstatsd().namespaceExclusions()).containsExactly("own", "other");
    }

    @Test
    void histogramListsSkipWhatIsUnknown() {
        Config.Aggregation aggregation = readWithKey(
                        "DD_HISTOGRAM_AGGREGATES", "sum min p99 sum",
                        "DD_HISTOGRAM_PERCENTILES", "0.99,0.5 1 0.29 2 x 0.001 NaN")
                .aggregation();

        assertThat(aggregation.histogramAggregates()).containsExactly("sum", "min");
        assertThat(aggregation.histogramPercentiles()).containsExactly(29, 50, 99, 100);
        assertThat(problems).extracting(ConfigProblem::value).containsExactly("p99", "2", "x", "0.001", "NaN");
    }

    @Test
    void ofAListWithNothingUsableTheDefaultIsNamed() {
        Config config = readWithKey(
                "DD_HISTOGRAM_AGGREGATES", "p99", "DD_HISTOGRAM_PERCENTILES", "2", "DD_DOGSTATSD_EOL_REQUIRED", "tcp");

        assertThat(config.aggregation().histogramAggregates()).containsExactly("max", "median", "avg", "count");
        assertThat(config.aggregation().histogramPercentiles()).containsExactly(95);
        assertThat(lines())
                .containsExactlyInAnyOrder(
                        "DD_HISTOGRAM_AGGREGATES=\"p99\" is not usable:"
                                + " expected max, min, median, avg, sum or count; using max median avg count",
                        "DD_HISTOGRAM_PERCENTILES=\"2\" is not usable:"
                                + " expected fractions from 0.01 to 1, such as 0.95; using 0.95",
                        "DD_DOGSTATSD_EOL_REQUIRED=\"tcp\" is not usable:"
                                + " expected udp, uds or named_pipe; using none");
    }

    @ParameterizedTest
    @CsvSource({"count, COUNT", "Rate, RATE", "DISTRIBUTION, DISTRIBUTION"})
    void countModesAreRead(String value, Config.CountMode mode) {
        assertThat(read("DD_DOGSTATSD_COUNT_MODE", value).aggregation().countMode())
                .isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource({
        "trace, DEBUG",
        "debug, DEBUG",
        "INFO, INFO",
        "warning, WARN",
        "error, ERROR",
        "critical, ERROR",
        "off, OFF"
    })
    void logLevelsHaveTheAgentsNames(String value, Log.Level level) {
        assertThat(readWithKey("DD_LOG_LEVEL", value).logLevel()).isEqualTo(level);
        assertThat(problems).isEmpty();
    }

    @Test
    void aTypingErrorInAnOwnNameIsReported() {
        readWithKey("DD_DOGSLED_FLUSH_BUDGET", "9", "DD_DOGSLED_CONTROL_PORT", "0");

        assertThat(lines())
                .containsExactly("DD_DOGSLED_FLUSH_BUDGET=\"9\" is not usable: expected one of"
                        + " DD_DOGSLED_CONTEXT_LIMIT, DD_DOGSLED_AMBIGUOUS, DD_DOGSLED_DEAD_LETTER_BYTES, DD_DOGSLED_QUEUE_BYTES,"
                        + " DD_DOGSLED_FLUSH_BUDGET_MS, DD_DOGSLED_MAX_DATA_AGE_MS,"
                        + " DD_DOGSLED_CONTROL_PORT, DD_DOGSLED_SELF_METRICS; using nothing of it");
    }

    @Test
    void aBlankValueIsNone() {
        readWithKey("DD_DOGSTATSD_PORT", "  ", "DD_LOG_LEVEL", "", "DD_SERVERLESS_FLUSH_STRATEGY", " ");

        assertThat(problems).isEmpty();
    }

    @Test
    void aLineIsOneLineAndNotLongerThanAPersonReads() {
        readWithKey("DD_LOG_LEVEL", "x\nDOGSLED ledger {}" + "y".repeat(500));

        assertThat(lines()).hasSize(1);
        assertThat(lines().getFirst()).doesNotContain("\n").hasSizeLessThan(250).contains("}" + "y".repeat(81) + "…\"");
    }

    private Config readWithKey(String... pairs) {
        Map<String, String> environment = environment(pairs);
        environment.put("DD_API_KEY", "0123456789abcdef");
        return ConfigReader.read(environment, problems);
    }

    private Config read(String... pairs) {
        return ConfigReader.read(environment(pairs), problems);
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ConfigProblem problem : problems) {
            lines.add(problem.line());
        }
        return lines;
    }

    private static Map<String, String> environment(String... pairs) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return environment;
    }
}
