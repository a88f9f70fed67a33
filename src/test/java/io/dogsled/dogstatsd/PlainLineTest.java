package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.metrics.LineHash;
import io.dogsled.metrics.Sample;
import io.dogsled.testing.RandomDatagrams;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way of reading a line against the one that has all the rules. */
class PlainLineTest {
    private static final int LINES = 150_000;
    private static final String[] NAMES = {
        "a", "page.views", "shop.orders.placed", "abcdefgh", "", "_n", "ü.é", "a~b", "x\t"
    };
    private static final String[] VALUES = {
        "1",
        "12.5",
        "-3",
        "+.5",
        "1.",
        "",
        "1e3",
        "ann",
        "0.30000000000000004",
        "99999999999999999999",
        "nan",
        "-",
        "123456789012345678"
    };
    private static final String[] TYPES = {"c", "g", "h", "ms", "s", "d", "m", "x", "", "cc", "mss"};
    private static final String[] OPTIONS = {
        "#env:dev,az:1",
        "#",
        "#a",
        "#abcdefg",
        "#abcdefgh",
        "#region:eu-west-1,service:shop",
        "#tag:ünï,~x",
        "#a\tb",
        "@0.5",
        "@1",
        "@0",
        "@2",
        "@x",
        "@",
        "T1700000000",
        "Tx",
        "c:ci-abc",
        "e:it-false",
        "card:low",
        "card:",
        "c",
        "x",
        "",
        "#x\r",
        "c:\r",
        "#ab\n"
    };

    private final Counters counters = new Counters();
    private final MetricParser general = new MetricParser(true, counters);
    private final Sample sample = new Sample();
    private final PlainLine plain = new PlainLine(sample);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1|c",
                "page.views:12.5|g|#env:dev",
                "page.views:1:2:3|c|@0.5|#env:dev,az:1,team:cart,route:/cart",
                "users:ann|s|#env:dev",
                "users:17:4|s|#env:dev",
                "t:3|ms|#a|c:ci-abc|e:it-false,cn-x",
                "t:3|h|c:in-1|#a|@0.1",
                "t:-3|d|#länge:ü~"
            })
    void theUsualLinesAreReadAtOnce(String line) {
        byte[] datagram = (line + "\nb:2|g").getBytes(StandardCharsets.UTF_8);
        int length = line.getBytes(StandardCharsets.UTF_8).length;
        assertThat(plain.parse(datagram, 0, datagram.length)).isTrue();
        assertThat(plain.end()).isEqualTo(length);
        assertThat(plain.parse(datagram, 0, length)).as("without line feed").isTrue();
        assertThat(plain.end()).isEqualTo(length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1|c\r",
                "a:1|c|#x\r",
                "a:1|c|@0",
                "a:1|c|T5",
                "a:1|c|card:low",
                "a:1e3|g",
                "_e{1,1}:a|b",
                "_sc|a|0",
                "a:1",
                ""
            })
    void whatNeedsARuleIsLeftToTheParserThatHasIt(String line) {
        byte[] datagram = (line + "\n").getBytes(StandardCharsets.UTF_8);
        assertThat(plain.parse(datagram, 0, datagram.length)).isFalse();
    }

    @Test
    void whatIsReadAtOnceIsWhatTheGeneralParserReads() {
        long seed = Long.getLong("dogsled.seed", new Random().nextLong());
        Random random = new Random(seed);
        int accepted = 0;
        for (int i = 0; i < LINES; i++) {
            accepted += check(line(random).getBytes(StandardCharsets.UTF_8), random, "seed " + seed) ? 1 : 0;
        }
        assertThat(accepted).as("lines read at once, seed %d", seed).isGreaterThan(LINES / 100);
    }

    @Test
    void whateverIsSentTheTwoAgree() {
        RandomDatagrams datagrams = new RandomDatagrams();
        Random random = new Random(1);
        for (int i = 0; i < LINES / 10; i++) {
            check(datagrams.next(), random, datagrams.replay());
        }
    }

    /** Reads the first line of {@code bytes}, at a random place of a buffer, with something behind it or nothing. */
    private boolean check(byte[] bytes, Random random, String replay) {
        int from = random.nextInt(17);
        byte[] buffer = new byte[from + bytes.length + random.nextInt(20)];
        Arrays.fill(buffer, (byte) "x|\n:".charAt(random.nextInt(4)));
        System.arraycopy(bytes, 0, buffer, from, bytes.length);
        int limit = from + bytes.length;
        if (!plain.parse(buffer, from, limit)) {
            return false;
        }
        String shown = replay + ": " + new String(bytes, StandardCharsets.ISO_8859_1);
        int end = Bytes.indexOf(buffer, from, limit, '\n');
        assertThat(plain.end()).as(shown).isEqualTo(end);
        assertThat(buffer[end - 1]).as(shown).isNotEqualTo((byte) '\r');
        assertThat(general.parse(buffer, from, end)).as(shown).isTrue();
        assertThat(counters.value(Counter.RATE_OUT_OF_RANGE)).as(shown).isZero();
        assertThat(text(sample)).as(shown).isEqualTo(text(general.sample()));
        return true;
    }

    private static String line(Random random) {
        StringBuilder line = new StringBuilder(any(NAMES, random));
        int values = random.nextInt(5) == 0 ? random.nextInt(4) : 1;
        for (int i = 0; i < values; i++) {
            line.append(':').append(any(VALUES, random));
        }
        line.append('|').append(any(TYPES, random));
        for (int options = random.nextInt(4); options > 0; options--) {
            line.append('|').append(any(OPTIONS, random));
        }
        return line.toString();
    }

    private static String any(String[] texts, Random random) {
        return texts[random.nextInt(random.nextBoolean() ? 3 : texts.length)];
    }

    private static String text(Sample sample) {
        StringBuilder text = new StringBuilder();
        text.append(sample.type)
                .append(' ')
                .append(sample.nameStart)
                .append('-')
                .append(sample.nameEnd)
                .append(' ');
        for (int i = 0; i < sample.valueCount(); i++) {
            text.append(sample.value(i)).append(' ');
        }
        if (sample.valueCount() == 0) {
            text.append(sample.memberStart).append('-').append(sample.memberEnd).append(' ');
        }
        if (sample.tagsStart < sample.tagsEnd) {
            text.append(sample.tagsStart).append('-').append(sample.tagsEnd).append(' ');
        }
        text.append(sample.rate)
                .append(' ')
                .append(sample.timestampS)
                .append(' ')
                .append(sample.hasCardinality);
        assertThat(sample.hash).as("hash of %s", text).isEqualTo(LineHash.of(sample));
        return text.append(' ').append(sample.hash).toString();
    }
}
