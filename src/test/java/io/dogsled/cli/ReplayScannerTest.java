package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dead letter lines in everything a log is exported to. */
class ReplayScannerTest {
    private static final String LINE = DeadLetterLines.line("9f86d081884c7d65-3", 2, 3, "sketches", "+/8=");
    private static final ReplayPart PART = new ReplayPart("9f86d081884c7d65-3", 2, 3, ReplayPart.Kind.SKETCHES, "+/8=");

    private final List<ReplayPart> parts = new ArrayList<>();
    private final List<String> damaged = new ArrayList<>();

    @Test
    void aLineOfTheLogIsRead() throws IOException {
        scan("START RequestId: 1\n" + LINE + "\nEND\n");

        assertThat(parts).containsExactly(PART);
        assertThat(parts.getFirst().bytes()).containsExactly(0xfb, 0xff);
        assertThat(damaged).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-21T22:14:07.001Z ",
                "2026-11-21T22:14:07\t2026/11/21/[$LATEST]0123\t",
                "EVENTS\t3896\t1763763247001\t",
                "[dogsled] "
            })
    void whatStandsBeforeItDoesNotMatter(String prefix) throws IOException {
        scan(prefix + LINE + "\r\n" + prefix + LINE + "  \n");

        assertThat(parts).containsExactly(PART, PART);
    }

    @Test
    void messagesInJsonAreReadHoweverOftenTheyAreEscaped() throws IOException {
        String once = json(Map.of("events", List.of(Map.of("message", LINE + "\n", "ingestionTime", 1))));
        String twice = json(Map.of("record", once));
        scan(once + "\n" + twice + json(Map.of("again", twice)));

        assertThat(parts).containsExactly(PART, PART, PART);
        assertThat(damaged).isEmpty();
    }

    @Test
    void escapesThatAreNotNecessaryAreUndone() throws IOException {
        String json = json(Map.of("message", LINE));
        scan(json.replace("=", "\\u003d").replace("+/8", "+\\/8"));

        assertThat(parts).containsExactly(PART);
    }

    @Test
    void quotesThatAreDoubledInACsvFileAreUndone() throws IOException {
        scan("timestamp,message\n1763763247001,\"" + LINE.replace("\"", "\"\"") + "\n\"\n");

        assertThat(parts).containsExactly(PART);
    }

    @Test
    void aLineThatIsCutOffIsNamedWithItsPlaceAndCostsNoOther() throws IOException {
        scan("first\n" + LINE.substring(0, 60) + "\n" + LINE + "\n" + LINE.substring(0, 60) + " " + LINE + "\n"
                + LINE.substring(0, 40));

        assertThat(parts).containsExactly(PART, PART);
        assertThat(damaged).containsExactly("2: it is cut off", "4: it is cut off by another", "5: it is cut off");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\"}",
                "{\"id\":\"a\",\"part\":0,\"parts\":1,\"kind\":\"series\",\"encoding\":\"deflate\",\"data\":\"\"}",
                "{\"id\":\"a\",\"part\":2,\"parts\":1,\"kind\":\"series\",\"encoding\":\"deflate\",\"data\":\"\"}",
                "{\"id\":\"a\",\"part\":1,\"parts\":1,\"kind\":\"logs\",\"encoding\":\"deflate\",\"data\":\"\"}",
                "{\"id\":\"a\",\"part\":1,\"parts\":1,\"kind\":\"series\",\"encoding\":\"zstd\",\"data\":\"\"}",
                "{\"id\":\"a\",\"part\":1,\"parts\":1,\"kind\":\"series\",\"encoding\":\"deflate\",\"data\":\"a%\"}",
                "{\"id\":\"a\",\"part\":1,\"parts\":1,}",
                "{\\uzzzz}",
                "{}"
            })
    void whatMakesNoSenseIsDamaged(String object) throws IOException {
        scan("DOGSLED deadletter " + object + "\n" + LINE);

        assertThat(damaged).hasSize(1);
        assertThat(parts).containsExactly(PART);
    }

    @Test
    void textAboutDeadLettersIsNone() throws IOException {
        scan("the lines begin with DOGSLED deadletter and DOGSLED deadletter \"{\" DOGSLED DOGSLED");

        assertThat(parts).isEmpty();
        assertThat(damaged).isEmpty();
    }

    @Test
    void aLineIsFoundWhereverTheReadsEnd() throws IOException {
        InputStream slow =
                new ByteArrayInputStream(
                        ("DOGSLED DOGSLED deadletteDOGSLED deadletter " + LINE).getBytes(StandardCharsets.US_ASCII)) {
                    @Override
                    public synchronized int read(byte[] bytes, int offset, int length) {
                        return super.read(bytes, offset, Math.min(1, length));
                    }
                };
        scanner().scan(slow);

        assertThat(parts).containsExactly(PART);
    }

    @Test
    void aMarkerThatIsTornDirectlyBeforeAWholeOneHidesNothing() throws IOException {
        String marker = "DOGSLED deadletter {";
        for (int torn = 0; torn <= marker.length(); torn++) {
            parts.clear();
            scan(marker.substring(0, torn) + LINE);
            assertThat(parts).as(marker.substring(0, torn)).containsExactly(PART);
        }
    }

    @Test
    void wordsWithoutALetterBehindThemAreDamaged() throws IOException {
        scan("a\nDOGSLED deadletter\n{\"id\":\"a\"}\nDOGSLED deadletter \r\n" + LINE + "\nDOGSLED deadletter ");

        assertThat(damaged)
                .containsExactly(
                        "2: nothing follows the words", "4: nothing follows the words", "6: nothing follows the words");
        assertThat(parts).containsExactly(PART);
    }

    private void scan(String log) throws IOException {
        scanner().scan(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
    }

    private ReplayScanner scanner() {
        return new ReplayScanner(new ReplayScanner.Finder() {
            @Override
            public void onPart(ReplayPart part) {
                parts.add(part);
            }

            @Override
            public void onDamaged(long line, String why) {
                damaged.add(line + ": " + why);
            }
        });
    }

    private static String json(Object value) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsString(value);
    }
}
