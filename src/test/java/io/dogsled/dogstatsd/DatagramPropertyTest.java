package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.testing.RandomDatagrams;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for any bytes at all. {@code -Ddogsled.fuzz.bytes=} sets how many. */
class DatagramPropertyTest {
    private static final long BYTES = Long.getLong("dogsled.fuzz.bytes", 1_000_000);

    private final RandomDatagrams datagrams = new RandomDatagrams();

    @Test
    @Timeout(3600)
    void everyLineIsAcceptedOrCountedAndNothingIsThrown() {
        long bytes = 0;
        while (bytes < BYTES) {
            byte[] datagram = datagrams.next();
            bytes += datagram.length + 1;
            Parsed parsed = new Parsed(Settings.defaults()).feed(datagram);
            assertThat(outcomes(parsed).size())
                    .as("%s: outcomes of %s", datagrams.replay(), text(datagram))
                    .isEqualTo(lines(datagram).size());
            assertThat(parsed.rejectedLines())
                    .as(datagrams.replay())
                    .isEqualTo(parsed.errors().size());
            assertThat(parsed.sink().datagrams()).isEqualTo(1);
        }
    }

    @Test
    @Timeout(3600)
    void aLinesOutcomeDoesNotDependOnItsNeighbours() {
        Parsed used = new Parsed(Settings.defaults());
        long bytes = 0;
        while (bytes < BYTES / 4) {
            byte[] datagram = datagrams.next();
            bytes += datagram.length + 1;
            List<String> alone = new ArrayList<>();
            for (byte[] line : lines(datagram)) {
                alone.addAll(outcomes(new Parsed(Settings.defaults()).feed(line)));
            }
            used.clear();
            assertThat(outcomes(used.feed(datagram)))
                    .as("%s: %s", datagrams.replay(), text(datagram))
                    .containsExactlyInAnyOrderElementsOf(alone);
        }
    }

    /** One text a line: what was handed over, or why not. */
    private static List<String> outcomes(Parsed parsed) {
        List<String> outcomes = new ArrayList<>();
        for (List<ObjectNode> kind : List.of(
                parsed.sink().parsed(), parsed.sink().events(), parsed.sink().checks())) {
            kind.forEach(outcome -> outcomes.add(outcome.toString()));
        }
        outcomes.addAll(parsed.errors());
        return outcomes;
    }

    /** The lines that are not empty, split the slow way. */
    private static List<byte[]> lines(byte[] datagram) {
        List<byte[]> lines = new ArrayList<>();
        for (String line : new String(datagram, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String bare = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
            if (!bare.isEmpty()) {
                // a CR that is part of the line must stay when the line stands alone
                lines.add((bare + "\n").getBytes(StandardCharsets.ISO_8859_1));
                if (bare.endsWith("\r")) {
                    lines.set(lines.size() - 1, (bare + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        return lines;
    }

    private static String text(byte[] bytes) {
        return Arrays.toString(bytes) + " " + new String(bytes, StandardCharsets.UTF_8);
    }
}
