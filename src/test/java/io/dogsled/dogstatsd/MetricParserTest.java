package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.metrics.MetricType;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the conformance cases leave open; the rest is in {@link CasesTest}. */
class MetricParserTest {
    @Test
    void ofRepeatedOptionsTheLastWins() {
        var sample = Parsed.of("a:1|c|@0.5|#x|T5|@0.25|#y,z|T7").sample();
        assertThat(sample.get("rate").asDouble()).isEqualTo(0.25);
        assertThat(sample.get("tags")).hasSize(2);
        assertThat(sample.get("ts").asLong()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-0.5", "1.0001", "inf", "-inf", "nan"})
    void aRateOutsideItsRangeIsOneAndCountedOncePerValue(String rate) {
        Parsed parsed = Parsed.of("a:1:2:3|d|@" + rate);
        assertThat(parsed.sample().get("rate").asDouble()).isEqualTo(1);
        assertThat(parsed.count(Counter.RATE_OUT_OF_RANGE)).isEqualTo(3);
    }

    @Test
    void aGoodRateIsNotCounted() {
        assertThat(Parsed.of("a:1|c|@1\nb:1|c|@0.1").count(Counter.RATE_OUT_OF_RANGE))
                .isZero();
    }

    @Test
    void aLineKeepsNothingOfTheLineBefore() {
        Parsed parsed = Parsed.of("a:1:2|c|@0.5|#x|T5|card:low\nb:3|g");
        var second = parsed.sink().parsed().get(1);
        assertThat(second.toString())
                .isEqualTo("{\"name\":\"b\",\"type\":\"gauge\",\"values\":[3.0],\"rate\":1.0,\"tags\":[],\"ts\":null}");
    }

    @Test
    void aNameMayBeginWithAnUnderscore() {
        assertThat(Parsed.of("_s:1|c").sample().get("name").asText()).isEqualTo("_s");
        assertThat(Parsed.of("_:1|c").sample().get("name").asText()).isEqualTo("_");
    }

    @Test
    void bytesThatAreNotUtf8Survive() {
        byte[] line = {'n', (byte) 0xFF, ':', '1', '|', 'c', '|', '#', (byte) 0x80, (byte) 0xC3};
        MetricParser parser = new MetricParser(true, new Counters());
        assertThat(parser.parse(line, 0, line.length)).isTrue();
        assertThat(parser.sample().nameEnd).isEqualTo(2);
        assertThat(parser.sample().tagsStart).isEqualTo(8);
        assertThat(parser.sample().tagsEnd).isEqualTo(10);
    }

    @Test
    void moreValuesThanTheSampleHadRoomForAreAllKept() {
        var values = Parsed.of("a" + ":1:2:3:4:5".repeat(20) + "|d").sample().get("values");
        assertThat(values).hasSize(100);
        assertThat(values.get(99).asDouble()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"card:low, true", "card:, false", "car, false", "c:x, false", "card:low|card:, false"})
    void aCardinalityOptionCountsIfItSaysSomething(String options, boolean expected) {
        byte[] line = ("a:1|ms|" + options).getBytes(StandardCharsets.UTF_8);
        MetricParser parser = new MetricParser(true, new Counters());
        assertThat(parser.parse(line, 0, line.length)).isTrue();
        assertThat(parser.sample().type).isEqualTo(MetricType.TIMING);
        assertThat(parser.sample().hasCardinality).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "a NO_PIPE",
                "a:x|G TYPE",
                "a:x|g|@x VALUE",
                "a:1|g|@x|Tx RATE",
                "a:1|g|Tx|@x TIMESTAMP",
                "x|g NAME_OR_VALUE"
            })
    void ofSeveralFaultsTheFirstInTheAgentsOrderIsNamed(String line, Rejection expected) {
        assertThat(Parsed.of(line).rejections()).containsExactly(expected);
    }

    @Test
    void aKnownLineWithFourTagsMakesNoObject() {
        byte[] line = "page.views.total:12.5:3|c|@0.5|#env:dev,region:eu-west-1,service:shop,version:1.2.3|T1700000000"
                .getBytes(StandardCharsets.UTF_8);
        MetricParser parser = new MetricParser(true, new Counters());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().threadId();
        int accepted = 0;
        long before = 0;
        for (int i = 0; i < 11_000; i++) {
            if (i == 1_000) { // by then every class is loaded
                before = threads.getThreadAllocatedBytes(id);
            }
            accepted += parser.parse(line, 0, line.length) ? 1 : 0;
        }
        long allocated = threads.getThreadAllocatedBytes(id) - before;
        assertThat(accepted).isEqualTo(11_000);
        assertThat(allocated).as("bytes allocated by 10,000 lines").isLessThan(1_000);
    }
}
