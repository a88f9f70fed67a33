package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatagramParserTest {
    @Test
    void datagramsAndBytesAreCounted() {
        Parsed parsed = Parsed.of("a:1|c\n").feed("b:1|c");
        assertThat(parsed.count(Counter.DATAGRAMS)).isEqualTo(2);
        assertThat(parsed.count(Counter.BYTES)).isEqualTo(11);
        assertThat(parsed.sink().datagrams()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "nopipe REJECTED_NO_PIPE",
                ":1|c REJECTED_NAME_OR_VALUE",
                "a:1|x REJECTED_TYPE",
                "a:x|c REJECTED_VALUE",
                "a::|c REJECTED_NO_VALUE",
                "a:1|c|@x REJECTED_RATE",
                "a:1|c|Tx REJECTED_TIMESTAMP",
                "a:1|c|T0 REJECTED_TIMESTAMP_RANGE",
                "_e{1 REJECTED_EVENT",
                "_e{}:x REJECTED_EVENT_HEADER",
                "_e{0,1}:x REJECTED_EVENT_TITLE",
                "_e{1,9}:x REJECTED_EVENT",
                "_sc REJECTED_CHECK",
                "_sc||0 REJECTED_CHECK_NAME",
                "_sc|a|9 REJECTED_CHECK_STATUS"
            })
    void eachReasonHasItsOwnCounterAndItsLineAloneIsLost(String line, Counter counter) {
        Parsed parsed = Parsed.of("a:1|c\n" + line + "\nb:1|c");
        assertThat(parsed.count(counter)).isEqualTo(1);
        assertThat(parsed.rejectedLines()).isEqualTo(1);
        assertThat(parsed.sink().parsed()).hasSize(2);
    }

    @Test
    void whereALineEndIsRequiredTheTailIsRejectedAndTheRestLives() {
        Parsed parsed = new Parsed(Settings.eolRequired()).feed("a:1|c\r\nb:2|c\nc:3|c");
        assertThat(parsed.sink().parsed()).hasSize(2);
        assertThat(parsed.rejections()).containsExactly(Rejection.UNTERMINATED);
        assertThat(parsed.count(Counter.REJECTED_UNTERMINATED)).isEqualTo(1);
        assertThat(new Parsed(Settings.eolRequired()).feed("a:1|c\n").rejections())
                .isEmpty();
    }

    @Test
    void linesOfNothingButLineEndsAreNothing() {
        Parsed parsed = Parsed.of("\n\r\n\n\r");
        assertThat(parsed.sink().parsed()).isEmpty();
        assertThat(parsed.errors()).isEmpty();
    }
}
