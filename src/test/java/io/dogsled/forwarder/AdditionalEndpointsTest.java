package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Log;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.testing.StandardError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code DD_ADDITIONAL_ENDPOINTS}: what it gives, and what is said of what cannot be used. */
@ResourceLock(Resources.SYSTEM_ERR)
class AdditionalEndpointsTest {
    private final Endpoint main = new Endpoint("https://api.main", ApiKeySource.plain("mainkey"), Ambiguous.DROP);
    private final List<String> found = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    @Test
    void everyKeyOfEveryAddressIsAnEndpointAsTheMainOneIs() throws Exception {
        read("{\"https://a\":[\"k1\",\"k2\"],\"http://b:8080/\":\"k3\",\"https://api.main\":[\"k4\"]}");
        assertThat(found)
                .containsExactly(
                        "https://a k1 DROP", "https://a k2 DROP", "http://b:8080 k3 DROP", "https://api.main k4 DROP");
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " { } "})
    void noneIsNoProblem(String text) throws Exception {
        read(text);
        assertThat(found).isEmpty();
        assertThat(lines).isEmpty();
    }

    @Test
    void keysAreTrimmedAndWhatIsThereTwiceOrIsTheMainEndpointCountsOnce() throws Exception {
        read("{\"https://a\":[\" k1 \",\"k1\"],\"https://A:443\":[\"k1\"],\"https://API.main/\":[\"mainkey\",\"k2\"]}");
        assertThat(found).containsExactly("https://a k1 DROP", "https://API.main k2 DROP");
        assertThat(lines).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[\"\"]", "\" \"", "null", "[null, \"\"]"})
    void anAddressWithoutAKeyIsLeftOutWithALine(String keys) throws Exception {
        read("{\"https://a\":" + keys + ",\"https://b\":[\"k\"]}");
        assertThat(found).containsExactly("https://b k DROP");
        assertThat(lines)
                .hasSize(1)
                .first()
                .asString()
                .contains("DD_ADDITIONAL_ENDPOINTS", "expected a key for https://a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"SECRET SECRET\"]",
                "[7]",
                "{\"SECRET\":1}",
                "[{\"SECRET\":[1]}]",
                "[\"SECR\\u00e9T\"]",
                "true"
            })
    void aKeyThatCannotBeUsedIsALineWithoutIt(String keys) throws Exception {
        read("{\"https://a\":" + keys + ",\"https://b\":[\"k\"]}");
        assertThat(found).containsExactly("https://b k DROP");
        assertThat(lines)
                .hasSize(1)
                .first()
                .asString()
                .contains("as keys of https://a")
                .doesNotContain("SECR");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SECRET", "https://h/SECRET", "ftp://SECRET", "https://user:SECRET@h", "https://SECRET=1", ""})
    void whatIsNoAddressIsNotShownEither(String address) throws Exception {
        read("{\"https://b\":[\"k\"],\"" + address + "\":[\"SECRET\",[1]]}");
        assertThat(found).containsExactly("https://b k DROP");
        assertThat(lines).hasSize(1).first().asString().contains("as address 2").doesNotContain("SECRET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '!',
            value = {
                "SECRET | not JSON at character",
                "{\"https://a\":[\"SECRET\" | not JSON at character",
                "{\"https://a\":[\"SECRET\"]} SECRET | not JSON at character",
                "{\"https://a\":[\"SECRET\"]} 1 | followed by something else",
                "[\"SECRET\"] | something else",
                "\"SECRET\" | something else",
                "null | something else"
            })
    void aTextThatIsNoSuchObjectCostsAllOfThem(String text, String why) throws Exception {
        read(text);
        assertThat(found).isEmpty();
        assertThat(lines)
                .hasSize(1)
                .first()
                .asString()
                .contains("DD_ADDITIONAL_ENDPOINTS", "a JSON object", why, "using the main endpoint alone")
                .doesNotContain("SECRET");
    }

    @Test
    void thereAreEightAtMost() throws Exception {
        read("{\"https://a\":[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"8\",\"9\",\"10\"]}");
        assertThat(found).hasSize(8).last().isEqualTo("https://a 8 DROP");
        assertThat(lines).hasSize(1).first().asString().contains("at most 8 pairs");
    }

    private void read(String text) throws Exception {
        lines.addAll(StandardError.during(() -> {
            for (Endpoint endpoint : AdditionalEndpoints.read(text, main, new Log(Log.Level.WARN))) {
                found.add(endpoint.url() + " " + endpoint.keys().key() + " " + endpoint.ambiguous());
            }
        }));
        lines.removeIf(line -> !line.contains("DD_ADDITIONAL_ENDPOINTS"));
    }
}
