package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the data goes, with which key, and when: address, key, strategy. */
class IntakeSettingsTest {
    private static final String KEY = "DD_API_KEY";

    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void theSiteBecomesTheIntakesAddress() {
        assertThat(read("DD_SITE", "datadoghq.eu").intake().baseUrl()).isEqualTo("https://api.datadoghq.eu");
        assertThat(problems).isEmpty();
    }

    @Test
    void aFileGivesTheKeyThatTheEnvironmentDoesNot() {
        assertThat(read(KEY, "", "DD_API_KEY_FILE", " /run/key ").intake().keyFile())
                .isEqualTo("/run/key");
        assertThat(problems)
                .as("a missing DD_API_KEY is none then")
                .noneMatch(p -> p.variable().equals(KEY));
    }

    @Test
    void theEnvironmentsKeyBeatsTheFileWithALine() {
        Config.Intake intake = read(KEY, "abc", "DD_API_KEY_FILE", "/run/key").intake();
        assertThat(intake.apiKey()).isEqualTo("abc");
        assertThat(intake.keyFile()).isEmpty();
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line())
                .contains("DD_API_KEY_FILE=\"/run/key\"", "only one of", "using DD_API_KEY");
    }

    @Test
    void aKeyThatCannotBeUsedLeavesTheFile() {
        assertThat(read(KEY, "a b", "DD_API_KEY_FILE", "/run/key").intake().keyFile())
                .isEqualTo("/run/key");
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line()).contains("DD_API_KEY=\"(hidden)\"", "using the one in DD_API_KEY_FILE");
    }

    @Test
    void aFileWithoutAPathIsReportedAndNotShownSinceItMayBeTheKey() {
        assertThat(read(KEY, "", "DD_API_KEY_FILE", "0123456789").intake().keyFile())
                .isEmpty();
        assertThat(problems).anyMatch(p -> p.variable().equals("DD_API_KEY_FILE"));
        assertThat(problems).noneMatch(p -> p.line().contains("0123456789"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://datadoghq.eu", "data dog", "datadoghq.eu/", ".eu", "a..b", "a:1"})
    void aSiteThatIsNoHostNameIsReported(String site) {
        assertThat(read("DD_SITE", site).intake().baseUrl()).isEqualTo("https://api.datadoghq.com");
        assertThat(problems).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:8080, http://127.0.0.1:8080",
        "https://intake.example/, https://intake.example",
        "http://[::1]:80, http://[::1]:80",
        "https://[fe80::1], https://[fe80::1]",
        "http://host.docker.internal:3000, http://host.docker.internal:3000"
    })
    void aWholeAddressBeatsTheSite(String url, String baseUrl) {
        assertThat(read("DD_DD_URL", url, "DD_SITE", "datadoghq.eu").intake().baseUrl())
                .isEqualTo(baseUrl);
        assertThat(read("DD_URL", url).intake().baseUrl()).isEqualTo(baseUrl);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://h",
                "h:80",
                "http://",
                "http:///",
                "http://h/path",
                "http://h?x",
                "http://h:0",
                "http://h:70000",
                "http://h:",
                "http://[zz]",
                "http://[::1]x",
                "http://ho st"
            })
    void anAddressWithMoreOrLessThanABaseIsReported(String url) {
        assertThat(read("DD_DD_URL", url).intake().baseUrl()).isEqualTo("https://api.datadoghq.com");
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line())
                .contains("DD_DD_URL=\"" + url + "\"")
                .endsWith("using https://api.datadoghq.com");
    }

    @Test
    void ofTwoAddressesTheMoreSpecificNameWinsAndOneLineSaysSo() {
        assertThat(read("DD_DD_URL", "http://a", "DD_URL", "http://b").intake().baseUrl())
                .isEqualTo("http://a");
        assertThat(problems).hasSize(1);
        problems.clear();
        assertThat(read("DD_DD_URL", "http://a", "DD_URL", "http://a/").intake().baseUrl())
                .isEqualTo("http://a");
        assertThat(problems).isEmpty();
    }

    @Test
    void aBadAddressFallsBackToTheOtherOne() {
        assertThat(read("DD_DD_URL", "nonsense", "DD_URL", "http://b").intake().baseUrl())
                .isEqualTo("http://b");
        assertThat(problems.getFirst().used()).isEqualTo("http://b");
    }

    @Test
    void aFileOfCertificatesIsAWholePath() {
        assertThat(read().intake().certFile()).isEmpty();
        assertThat(read("DD_TLS_CERT_FILE", "/opt/ca.pem").intake().certFile()).isEqualTo("/opt/ca.pem");
        assertThat(problems).isEmpty();

        assertThat(read("DD_TLS_CERT_FILE", "ca.pem").intake().certFile()).isEmpty();
        assertThat(problems.getFirst().line())
                .contains("DD_TLS_CERT_FILE=\"ca.pem\"")
                .contains("from / on");
    }

    @Test
    void noLineShowsASecret() {
        ConfigReader.read(
                Map.of(KEY, "s3cret key", "DD_DD_URL", "http://user:s3cret@host", "DD_URL", "x@s3cret"), problems);

        assertThat(problems).hasSize(3);
        for (ConfigProblem problem : problems) {
            assertThat(problem.line()).doesNotContain("s3cret").contains("(hidden)");
        }
    }

    @Test
    void theKeyIsTrimmedAndOtherwiseTakenAsItIs() {
        assertThat(ConfigReader.read(Map.of(KEY, " abc123 \n"), problems)
                        .intake()
                        .apiKey())
                .isEqualTo("abc123");
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"abc\"", "a b", "a\u0007", "schlüssel"})
    void aKeyThatNoHeaderCanCarryIsNotUsed(String key) {
        assertThat(ConfigReader.read(Map.of(KEY, key), problems).intake().apiKey())
                .isEmpty();
        assertThat(problems).hasSize(1);
    }

    @Test
    void deadLettersHaveABoundOrAreOff() {
        assertThat(read().intake().deadLetterBytes()).isEqualTo(1_000_000);
        assertThat(read("DD_DOGSLED_DEAD_LETTER_BYTES", "0").intake().deadLetterBytes())
                .isZero();
        assertThat(read("DD_DOGSLED_DEAD_LETTER_BYTES", "10000000").intake().deadLetterBytes())
                .isEqualTo(10_000_000);
        assertThat(problems).isEmpty();
        assertThat(read("DD_DOGSLED_DEAD_LETTER_BYTES", "1MB").intake().deadLetterBytes())
                .isEqualTo(1_000_000);
        assertThat(problems.getFirst().line())
                .isEqualTo("DD_DOGSLED_DEAD_LETTER_BYTES=\"1MB\" is not usable:"
                        + " expected a whole number from 0 to 10000000; using 1000000");
    }

    @Test
    void onADevelopersScreenThereAreNoDeadLettersUnlessAskedFor() {
        assertThat(read("AWS_SAM_LOCAL", "true").intake().deadLetterBytes()).isZero();
        assertThat(read("AWS_SAM_LOCAL", "true", "DD_DOGSLED_DEAD_LETTER_BYTES", "5000")
                        .intake()
                        .deadLetterBytes())
                .isEqualTo(5_000);
        assertThat(problems).isEmpty();
    }

    @Test
    void compressionAndAmbiguousOutcomesHaveTwoChoicesEach() {
        Config.Intake intake = read("DD_SERIALIZER_COMPRESSOR_KIND", "none", "DD_DOGSLED_AMBIGUOUS", "Drop")
                .intake();

        assertThat(intake.compress()).isFalse();
        assertThat(intake.ambiguous()).isEqualTo(Config.Ambiguous.DROP);
        assertThat(read("DD_SERIALIZER_COMPRESSOR_KIND", "zstd").intake().compress())
                .isTrue();
        assertThat(problems.getFirst().line())
                .isEqualTo("DD_SERIALIZER_COMPRESSOR_KIND=\"zstd\" is not usable:"
                        + " expected one of zlib, none; using zlib");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "end|END|0",
                "END|END|0",
                "end,20000|END|20000",
                "end, 20000 |END|20000",
                "periodically|PERIODICALLY|10000",
                "periodically,500|PERIODICALLY|500",
                "Periodically , 500|PERIODICALLY|500",
                "continuously,10|CONTINUOUSLY|10",
                "continuously,3600000|CONTINUOUSLY|3600000",
                "adaptive|ADAPTIVE|0",
                " adaptive |ADAPTIVE|0",
                "default|ADAPTIVE|0"
            })
    void strategiesAreTrimmedAndCaseDoesNotMatter(String value, Config.Strategy strategy, long intervalMs) {
        assertThat(read("DD_SERVERLESS_FLUSH_STRATEGY", value).flush())
                .isEqualTo(new Config.Flush(strategy, intervalMs, 250, 10_000));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sometimes",
                "end,",
                "end,0",
                "end,-5",
                "end,9",
                "end,3600001",
                "continuously",
                "adaptive,5",
                ",5",
                "periodically,1,2",
                "periodically,1s"
            })
    void anythingElseIsAdaptiveAndReported(String value) {
        assertThat(read("DD_SERVERLESS_FLUSH_STRATEGY", value).flush())
                .isEqualTo(new Config.Flush(Config.Strategy.ADAPTIVE, 0, 250, 10_000));
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().line()).contains(value).endsWith("using adaptive");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "continuously|continuously,MS, MS from 10 to 3600000, for example continuously,1000",
                "continuously,5|continuously,MS, MS from 10 to 3600000, for example continuously,1000",
                "end,soon|end or end,MS, MS from 10 to 3600000",
                "periodically,9|periodically or periodically,MS, MS from 10 to 3600000",
                "adaptive,5000|adaptive without a number",
                "later|end, end,MS, periodically, periodically,MS, continuously,MS or adaptive, MS from 10 to 3600000"
            })
    void theLineSaysWhatIsMissingOrTooMuch(String value, String expected) {
        read("DD_SERVERLESS_FLUSH_STRATEGY", value);

        assertThat(problems.getFirst().line())
                .isEqualTo("DD_SERVERLESS_FLUSH_STRATEGY=\"" + value + "\" is not usable: expected " + expected
                        + "; using adaptive");
    }

    @ParameterizedTest
    @CsvSource({"1000, 1000, 0", "3600000, 3600000, 0", "999, 10000, 1", "3600001, 10000, 1", "old, 10000, 1"})
    void theAgeOfDataHasLimits(String value, long maxDataAgeMs, int expectedProblems) {
        assertThat(read("DD_DOGSLED_MAX_DATA_AGE_MS", value).flush().maxDataAgeMs())
                .isEqualTo(maxDataAgeMs);
        assertThat(problems).hasSize(expectedProblems);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "900000, 900000, 0", "-1, 250, 1", "900001, 250, 1", "fast, 250, 1"})
    void theBudgetHasLimits(String value, long budgetMs, int expectedProblems) {
        assertThat(read("DD_DOGSLED_FLUSH_BUDGET_MS", value).flush().budgetMs()).isEqualTo(budgetMs);
        assertThat(problems).hasSize(expectedProblems);
    }

    private Config read(String... pairs) {
        Map<String, String> environment = new java.util.HashMap<>(Map.of(KEY, "k"));
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i], pairs[i + 1]);
        }
        return ConfigReader.read(environment, problems);
    }
}
