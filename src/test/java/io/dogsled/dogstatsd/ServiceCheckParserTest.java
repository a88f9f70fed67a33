package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the conformance cases leave open; the rest is in {@link CasesTest}. */
class ServiceCheckParserTest {
    @Test
    void aCheckKeepsNothingOfTheCheckBefore() {
        Parsed parsed = Parsed.of("_sc|a|3|d:5|h:x|m:y|#z\n_sc|b|1");
        assertThat(parsed.sink().checks().get(1).toString())
                .isEqualTo("{\"name\":\"b\",\"status\":1,\"ts\":0,\"host\":\"\",\"message\":\"\",\"tags\":[]}");
    }

    @Test
    void theMessageEndsAtTheNextPipeAndIsNotUnescaped() {
        assertThat(Parsed.of("_sc|a|0|m:one\\ntwo m\\:x|#t")
                        .check()
                        .get("message")
                        .asText())
                .isEqualTo("one\\ntwo m\\:x");
    }

    @Test
    void theHostTagIsTheHostOfACheck() {
        var check = Parsed.of("_sc|a|0|#x,host:h").check();
        assertThat(check.get("host").asText()).isEqualTo("h");
        assertThat(check.get("tags").toString()).isEqualTo("[\"x\"]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "_sc CHECK_FORMAT",
                "_sc| CHECK_FORMAT",
                "_sc||0 CHECK_NAME",
                "_sc|a| CHECK_STATUS",
                "_sc|a|4 CHECK_STATUS",
                "_sc|a|/ CHECK_STATUS",
                "_sc|a|00 CHECK_STATUS",
                "_scx|a| CHECK_NAME",
                "_scx|| CHECK_NAME"
            })
    void malformedChecksAreRefused(String line, Rejection expected) {
        assertThat(Parsed.of(line).rejections()).containsExactly(expected);
    }
}
