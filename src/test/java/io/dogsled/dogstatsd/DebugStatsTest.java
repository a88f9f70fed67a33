package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the datagram to the JSON, without a socket. */
class DebugStatsTest {
    private final ManualClock clock = new ManualClock();
    private final Counters counters = new Counters();
    private final Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
    private final RecordingSink sink = new RecordingSink(DogStatsDServer.enricher(Settings.defaults(), instruments));
    private final List<ParserSwitch> parsers = new ArrayList<>();
    private DebugStats stats = new DebugStats(Settings.defaults(), parsers, instruments);
    private ParserSwitch parser = parser(Settings.defaults());

    @Test
    void samplesAreCountedByContextWhateverTheOrderOfTheirTagsMostFirst() throws IOException {
        stats.enable(true);
        send("few:1|g\nmany:1:2:3|d|#b:2,a:1");
        clock.advanceMs(1_500);
        send("many:1|d|#a:1,b:2\nmany:1|c|#a:1,b:2\n_sc|up|0\nnonsense");

        JsonNode json = json();
        assertThat(json.get("contexts").asInt()).isEqualTo(3);
        assertThat(json.get("metrics").get(0).toString())
                .isEqualTo("{\"name\":\"many\",\"type\":\"d\",\"tags\":[\"a:1\",\"b:2\"],\"count\":4,\"last_seen_ms\":"
                        + clock.nowMs() + "}");
        assertThat(json.get("metrics").findValuesAsText("name")).containsExactly("many", "few", "many");
        assertThat(json.get("metrics").get(1).get("last_seen_ms").asLong()).isEqualTo(clock.nowMs() - 1_500);
        assertThat(json.get("samples_per_second").toString()).isEqualTo("[0,0,0,4,2]");
        assertThat(sink.parsed()).as("the sink gets everything as well").hasSize(4);
        assertThat(sink.checks()).hasSize(1);
    }

    @Test
    void namesAndTagsAreThoseThatLeave() throws IOException {
        Config.NameFilter blocked = new Config.NameFilter(List.of("shop.secret"), false);
        Config.Dogstatsd settings = Settings.with("shop.", blocked, List.of("env:test"));
        parser = parser(settings);
        stats = new DebugStats(settings, parsers, instruments);
        stats.enable(true);
        send("orders:1|c\nsecret:1|c");

        JsonNode metrics = json().get("metrics");
        assertThat(metrics).hasSize(1);
        assertThat(metrics.get(0).get("name").asText()).isEqualTo("shop.orders");
        assertThat(metrics.get(0).get("tags").toString()).isEqualTo("[\"env:test\"]");
    }

    @Test
    void itIsSwitchedOnAndOffWhileDatagramsComeAndBeginsWithNothing() throws IOException {
        send("a:1|c");
        assertThat(stats.isEnabled()).isFalse();
        assertThat(stats.json()).isEqualTo("\"metrics_stats\":false");
        stats.enable(true);
        stats.enable(true);
        send("a:1|c");
        assertThat(json().get("metrics").get(0).get("count").asInt()).isEqualTo(1);
        stats.enable(false);
        send("a:1|c");
        stats.enable(true);

        assertThat(json().get("contexts").asInt()).isZero();
        assertThat(sink.parsed()).as("nothing is lost on the way").hasSize(3);
    }

    @Test
    void itIsBoundedAndSaysWhatThereWasNoRoomFor() throws IOException {
        stats.enable(true);
        int contexts = 2 * ContextStats.MAX_CONTEXTS;
        for (int i = 0; i < contexts; i++) {
            send("many" + i + ":1:1|d");
        }
        send("many0:1|d");

        JsonNode json = json();
        assertThat(json.get("contexts").asInt()).isEqualTo(ContextStats.MAX_CONTEXTS);
        assertThat(json.get("full").asInt()).isEqualTo(2 * (contexts - ContextStats.MAX_CONTEXTS));
        assertThat(counters.value(Counter.STATS_FULL))
                .isEqualTo(json.get("full").asLong());
        assertThat(json.get("left_out").asInt() + json.get("metrics").size()).isEqualTo(ContextStats.MAX_CONTEXTS);
        assertThat(json.get("metrics").get(0).get("count").asInt()).isEqualTo(3);
        assertThat(stats.json()).hasSizeLessThan(128 << 10);
        assertThat(stats.lines(20)).hasSize(21).last().asString().contains("1980 contexts");
    }

    @Test
    void longTextsAreBoundedToo() throws IOException {
        stats.enable(true);
        for (int i = 0; i < 40; i++) {
            send("n" + i + "x".repeat(30_000) + ":1|c|#" + ("tag" + i + ",").repeat(5) + "\"é\u0007😀".repeat(4_000));
        }

        JsonNode json = json();
        assertThat(json.get("contexts").asInt()).isBetween(10, 39);
        assertThat(json.get("full").asInt()).isEqualTo(40 - json.get("contexts").asInt());
        assertThat(stats.json().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(128 << 10);
        assertThat(stats.lines(5)).allMatch(line -> line.length() < 16_000);
    }

    private ParserSwitch parser(Config.Dogstatsd config) {
        parsers.clear();
        ParserSwitch made = new ParserSwitch(
                config, sink, new DatagramParser(config, sink, instruments, (why, at, from, to) -> {}), false, null);
        parsers.add(made);
        return made;
    }

    private void send(String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        parser.onDatagram(bytes, bytes.length);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree("{" + stats.json() + "}");
    }
}
