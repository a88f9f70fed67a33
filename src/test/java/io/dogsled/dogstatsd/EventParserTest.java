package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the conformance cases leave open; the rest is in {@link CasesTest}. */
class EventParserTest {
    @Test
    void anEventKeepsNothingOfTheEventBefore() {
        Parsed parsed = Parsed.of("_e{1,1}:a|b|d:5|h:x|k:y|p:low|s:z|t:error|#q\n_e{1,1}:c|d");
        assertThat(parsed.sink().events().get(1).toString())
                .isEqualTo("{\"title\":\"c\",\"text\":\"d\",\"ts\":0,\"priority\":\"normal\",\"alert_type\":\"info\","
                        + "\"aggregation_key\":\"\",\"source_type\":\"\",\"host\":\"\",\"tags\":[]}");
    }

    @Test
    void aBadRepetitionLeavesWhatWasReadBefore() {
        var event = Parsed.of("_e{1,1}:a|b|d:5|p:low|t:error|d:x|p:x|t:x").event();
        assertThat(event.get("ts").asLong()).isEqualTo(5);
        assertThat(event.get("priority").asText()).isEqualTo("low");
        assertThat(event.get("alert_type").asText()).isEqualTo("error");
    }

    @Test
    void theHostOptionBeatsTheHostTag() {
        assertThat(Parsed.of("_e{1,1}:a|b|#host:tag|h:option")
                        .event()
                        .get("host")
                        .asText())
                .isEqualTo("option");
        assertThat(Parsed.of("_e{1,1}:a|b|h:|#host:tag").event().get("host").asText())
                .isEqualTo("tag");
    }

    @Test
    void tagsAreWithoutReservedEmptyAndRepeatedOnesAndTheServersFollow() {
        Parsed parsed = new Parsed(Settings.withTags("env:dev", "b"))
                .feed("_e{1,1}:a|b|#z,,dd.internal.entity_id:x,a,z,dd.internal.card:low,b");
        assertThat(parsed.event().get("tags").toString()).isEqualTo("[\"z\",\"a\",\"b\",\"env:dev\"]");
    }

    @Test
    void theByteBetweenTitleAndTextAndTheClosingBraceAreNotLookedAt() {
        assertThat(Parsed.of("_e{1,1?:a?b").event().get("text").asText()).isEqualTo("b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "_e{9223372036854775807,9223372036854775807}:a|b EVENT_LENGTH",
                "_e{1,9223372036854775807}:a|b EVENT_LENGTH",
                "_e{1,1}: EVENT_LENGTH",
                "_e{3,0}:abc EVENT_LENGTH",
                "_e{99999999999999999999,1}:a|b EVENT_HEADER",
                "_e{-1,1}:a|b EVENT_HEADER",
                "_e{0,x}:a|b EVENT_TITLE",
                "_e{1,x}:a|b EVENT_HEADER",
                "_e{1,1} EVENT_COLON"
            })
    void lengthsThatCannotBeAreRefused(String line, Rejection expected) {
        assertThat(Parsed.of(line).rejections()).containsExactly(expected);
    }

    @Test
    void manyTagsOnOneEventCostNoMoreThanTheirNumber() {
        StringBuilder line = new StringBuilder("_e{1,1}:a|b|#");
        for (int i = 0; i < 12_000; i++) {
            line.append(Integer.toString(i, 36)).append(',');
        }
        Parsed parsed = new Parsed(Settings.defaults());
        for (int i = 0; i < 20; i++) {
            parsed.feed(line.toString());
        }
        assertThat(parsed.sink().events().getLast().get("tags")).hasSize(12_000);
    }
}
