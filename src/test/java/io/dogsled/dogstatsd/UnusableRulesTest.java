package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.ConfigReader;
import io.dogsled.testing.StandardError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said about JSON that cannot be used: variable, value, what was expected, what is used. One line, ours alone. */
@ResourceLock(Resources.SYSTEM_ERR)
class UnusableRulesTest {
    private static final String FILTERS = "DD_METRIC_TAG_FILTERLIST";
    private static final String PROFILES = "DD_DOGSTATSD_MAPPER_PROFILES";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x | found what is not JSON at character 0",
                "[{] | found what is not JSON at character 2",
                "{} | found no array of rules at character 0",
                "[1] | found no rule at character 1",
                "[{\"tags\":[\"a\"]}] | found a rule without metric_name"
            })
    void aFilterList(String value, String fault) throws Exception {
        assertThat(lines(FILTERS, value))
                .containsExactly("dogsled: " + FILTERS + "=\"" + value
                        + "\" is not usable: expected a JSON array of {\"metric_name\",\"action\",\"tags\"}, " + fault
                        + "; using none, so no tag is taken off");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{] | not JSON at character 2",
                "{} | expected an array of profiles at character 0",
                "[{\"prefix\":\"a\"}] | missing profile name 0"
            })
    void profiles(String value, String fault) throws Exception {
        assertThat(lines(PROFILES, value))
                .containsExactly("dogsled: " + PROFILES + "=\"" + value
                        + "\" is not usable: expected a JSON array of profiles, found this fault: " + fault
                        + "; using none, so no metric is mapped");
    }

    @Test
    void aLongValueIsCutAndALineBreakInItIsNone() throws Exception {
        String name = "a\\nDOGSLED ledger {}";
        String value = "[{\"name\":\"" + name + "\",\"mappings\":[],\n\"x\":\"" + "y".repeat(500) + "\"}]";

        assertThat(lines(PROFILES, value))
                .singleElement()
                .asString()
                .startsWith("dogsled: " + PROFILES + "=\""
                        + value.substring(0, 100).replace('\n', '?') + "…\" is not usable")
                .endsWith("missing prefix for profile: a?DOGSLED ledger {}; using none, so no metric is mapped");
    }

    private static List<String> lines(String variable, String value) throws Exception {
        var config = ConfigReader.read(Map.of(variable, value), new ArrayList<>());
        Instruments instruments = new Instruments(Clock.system(), new Counters(), new Log(Log.Level.WARN));
        return StandardError.during(() -> DogStatsDServer.enricher(config.dogstatsd(), instruments)).stream()
                .filter(line -> line.contains("DOGSLED") || line.contains("JSON"))
                .toList();
    }
}
