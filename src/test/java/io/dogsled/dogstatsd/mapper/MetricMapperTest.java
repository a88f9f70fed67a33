package io.dogsled.dogstatsd.mapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricMapperTest {
    @Test
    void withoutProfilesNothingIsMapped() throws MapperException {
        assertThat(Mappers.parse("").isEmpty()).isTrue();
        assertThat(Mappers.parse("[]").map("a")).isEqualTo(MappedName.NONE);
        assertThat(MetricMapper.none().map("a").isMapped()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{}",
                "[1]",
                "[{\"name\":1}]",
                "[{\"mappings\":{}}]",
                "[{\"mappings\":[{\"tags\":[]}]}]",
                "x"
            })
    void textThatIsNoListOfProfilesIsRefused(String json) {
        assertThatThrownBy(() -> Mappers.parse(json)).isInstanceOf(MapperException.class);
    }

    @Test
    void unknownFieldsAreSkipped() throws MapperException {
        MetricMapper mapper = Mappers.parse("[{\"x\":[{\"y\":{}}],\"name\":\"p\",\"prefix\":\"a\",\"mappings\":"
                + "[{\"z\":{\"a\":[1]},\"match\":\"a.*\",\"name\":\"b\",\"tags\":{\"t\":\"$1\"}}]}]");
        assertThat(mapper.map("a.c")).isEqualTo(new MappedName("b", List.of("t:c")));
    }

    @Test
    void aFaultSaysWhereItIs() {
        assertThatThrownBy(() -> Mappers.parse("[{\"name\":\"p\",\"prefix\":\"*\",\"mappings\":"
                        + "[{\"match\":\"a\",\"name\":\"b\"},{\"match\":\"a b\",\"name\":\"b\"}]}]"))
                .hasMessage("profile: p, mapping num 1: invalid wildcard match pattern `a b`, it does not match "
                        + "allowed match regex `^[a-zA-Z0-9\\-_*.]+$`");
        assertThatThrownBy(() -> Mappers.regex("a(", "b")).hasMessageContaining("cannot compile regex");
        assertThatThrownBy(() -> MetricMapper.parse("", 0, Mappers.instruments()))
                .isInstanceOf(MapperException.class);
    }

    @Test
    void moreNamesThanTheCacheHoldsAreStillMapped() throws MapperException {
        MetricMapper mapper = Mappers.parse(Mappers.profile("wildcard", "a.*", "b.$1"));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 50; i++) {
                assertThat(mapper.map("a." + i).name()).isEqualTo("b." + i);
                assertThat(mapper.map("c." + i).isMapped()).isFalse();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$1, one",
        "${1}x, onex",
        "$1x, ''",
        "$0, whole",
        "$2, ''",
        "$$1, $1",
        "$, $",
        "$., $.",
        "${1, ${1",
        "${}, ${}",
        "a$name-, aone-",
        "${name}, one",
        "$01, ''",
        "$999999999, ''",
        "é$1, éone"
    })
    void templatesAreFilledAsGoFillsThem(String template, String expected) {
        Captures captures = new Captures(List.of("whole", "one"), Map.of("name", 1));
        assertThat(captures.expand(template)).isEqualTo(expected);
    }

    /** A wildcard means a regex; ours must find the same groups on names made of few characters, which match often. */
    @Test
    void aWildcardMatchesAndCapturesWhatItsRegexDoes() throws MapperException {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        Random random = new Random(seed);
        int matches = 0;
        for (int i = 0; i < 200_000; i++) {
            String wildcard = word(random, "ab.*").replaceAll("[*]+", "*");
            String name = word(random, "ab.");
            Pattern regex = Pattern.compile(wildcard.replace(".", "\\.").replace("*", "([^.]*)"));
            Matcher expected = regex.matcher(name);
            Captures captures = WildcardPattern.compile(wildcard).match(name);
            assertThat(captures.isMatch())
                    .as("%s on %s, seed %d", wildcard, name, seed)
                    .isEqualTo(expected.matches());
            for (int group = 0; captures.isMatch() && group <= expected.groupCount(); group++) {
                assertThat(captures.expand("${" + group + "}"))
                        .as("%s on %s, seed %d", wildcard, name, seed)
                        .isEqualTo(expected.group(group));
                matches++;
            }
        }
        assertThat(matches).as("a test that matches nothing shows nothing").isGreaterThan(1_000);
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        int length = 1 + random.nextInt(8);
        for (int i = 0; i < length; i++) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
