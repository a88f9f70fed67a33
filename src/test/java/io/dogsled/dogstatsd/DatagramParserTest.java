package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import org.junit.jupiter.api.Test;

class DatagramParserTest {
    @Test
    void datagramsAndBytesAreCounted() {
        Parsed parsed = Parsed.of("a:1|c\n").feed("b:1|c");
        assertThat(parsed.count(Counter.DATAGRAMS)).isEqualTo(2);
        assertThat(parsed.count(Counter.BYTES)).isEqualTo(11);
        assertThat(parsed.sink().datagrams()).isEqualTo(2);
    }

    @Test
    void eachRejectionHasItsOwnCounter() {
        Parsed parsed = Parsed.of("""
                nopipe
                :1|c
                a:1|x
                a:x|c
                a::|c
                a:1|c|@x
                a:1|c|Tx
                a:1|c|T0
                _e{1
                _e{}:x
                _e{0,1}:x
                _e{1,9}:x
                _sc
                _sc||0
                _sc|a|9
                """);
        assertThat(parsed.rejections())
                .containsExactly(
                        Rejection.NO_PIPE,
                        Rejection.NAME_OR_VALUE,
                        Rejection.TYPE,
                        Rejection.VALUE,
                        Rejection.NO_VALUE,
                        Rejection.RATE,
                        Rejection.TIMESTAMP,
                        Rejection.TIMESTAMP_RANGE,
                        Rejection.EVENT_COLON,
                        Rejection.EVENT_HEADER,
                        Rejection.EVENT_TITLE,
                        Rejection.EVENT_LENGTH,
                        Rejection.CHECK_FORMAT,
                        Rejection.CHECK_NAME,
                        Rejection.CHECK_STATUS);
        for (Rejection rejection : parsed.rejections()) {
            long expected = rejection.counter() == Counter.REJECTED_EVENT ? 2 : 1;
            assertThat(parsed.count(rejection.counter())).as(rejection.name()).isEqualTo(expected);
        }
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
