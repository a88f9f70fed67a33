package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a:1:1e400:x|c~could not parse dogstatsd metric values: strconv.ParseFloat: parsing \"1e400\": value out of range",
                "a:1|c|#x|@|@x~could not parse dogstatsd sample rate \"@\"",
                "a:1|c|@1|@x~could not parse dogstatsd sample rate \"@x\"",
                "a:1|c|T1|T99999999999999999999~could not parse dogstatsd timestamp \"99999999999999999999\": "
                        + "strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
                "_sc|a|\tx~invalid dogstatsd service check status: \"\\tx\"",
                "_e{5555:x~invalid event header: \"_e{5555\"",
            })
    void theTextQuotesWhatWasWrong(String line, String expected) {
        assertThat(Parsed.of(line).errors()).containsExactly(expected);
    }

    @Test
    void textsAreQuotedAsGoQuotesThem() {
        assertThat(quote("a\"b\\c\n\r\t\u0007\b\f\u000B\0\u007F".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\"a\\\"b\\\\c\\n\\r\\t\\a\\b\\f\\v\\x00\\x7f\"");
        assertThat(quote("é♬\u00A0\u200B\uFEFF😀".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("\"é♬\\u00a0\\u200b\\ufeff😀\"");
    }

    @Test
    void bytesThatAreNotUtf8AreQuotedOneByOne() {
        byte[] bytes = {
            (byte) 0xC3,
            'x',
            (byte) 0xFF,
            (byte) 0xC0,
            (byte) 0x80,
            (byte) 0xED,
            (byte) 0xA0,
            (byte) 0x80,
            (byte) 0xE2,
            (byte) 0x82
        };
        assertThat(quote(bytes)).isEqualTo("\"\\xc3x\\xff\\xc0\\x80\\xed\\xa0\\x80\\xe2\\x82\"");
    }

    @Test
    void everyTextCanBeMadeOfAnyLine() {
        byte[] empty = {};
        byte[] bars = "||||".getBytes(StandardCharsets.UTF_8);
        for (Rejection rejection : Rejection.values()) {
            assertThat(rejection.errorText(empty, 0, 0)).isNotEmpty();
            assertThat(rejection.errorText(bars, 0, bars.length)).isNotEmpty();
        }
    }

    private static String quote(byte[] bytes) {
        return GoQuote.of(bytes, 0, bytes.length);
    }
}
