package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.metrics.Event;
import io.dogsled.metrics.Sample;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.testing.ManualClock;
import io.dogsled.testing.RandomDatagrams;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for any bytes at all. {@code -Ddogsled.fuzz.bytes=} sets how many. */
class DatagramPropertyTest {
    private static final long BYTES = Long.getLong("dogsled.fuzz.bytes", 1_000_000);

    private final RandomDatagrams datagrams = new RandomDatagrams();

    /** One parser and one aggregator for all of it, flushed now and then, while time goes on. */
    @Test
    @Timeout(3600)
    void everyLineIsAcceptedOrCountedOnceAndNothingIsThrown() {
        ManualClock clock = new ManualClock();
        Counters counters = new Counters();
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        Config config = ConfigReader.read(Map.of("DD_API_KEY", "key"), new ArrayList<>());
        Aggregator aggregator = new Aggregator(
                config.aggregation(), DogStatsDServer.enricher(config.dogstatsd(), instruments), counters);
        CountingSink accepted = new CountingSink(aggregator);
        DatagramHandler parser = Parsers.parser(config.dogstatsd(), accepted, instruments);
        long flushed = 0;
        long lines = 0;
        for (long bytes = 0; bytes < BYTES; ) {
            byte[] datagram = datagrams.next();
            bytes += datagram.length + 1;
            clock.advanceMs(7);
            parser.onDatagram(Arrays.copyOf(datagram, datagram.length + 16), datagram.length);
            flushed += clock.nowMs() % 64 == 0 ? aggregator.flush(clock.nowMs()).newSamples() : 0;
            lines += lines(datagram).size();
            assertThat(accepted.lines + counters.sum(Counter.Kind.REJECTED))
                    .as("%s: lines accepted or rejected, at %s", datagrams.replay(), text(datagram))
                    .isEqualTo(lines);
            assertThat(flushed + aggregator.heldSamples() + counters.sum(Counter.Kind.LOST))
                    .as("%s: the ledger, at %s", datagrams.replay(), text(datagram))
                    .isEqualTo(counters.value(Counter.RECEIVED))
                    .isEqualTo(accepted.samples);
        }
        assertThat(accepted.open).isZero();
    }

    @Test
    @Timeout(3600)
    void aLinesOutcomeDoesNotDependOnItsNeighbours() {
        Parsed used = new Parsed(Settings.defaults());
        long bytes = 0;
        while (bytes < BYTES) {
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

    /** Counts what it hands on. */
    private static final class CountingSink implements SampleSink {
        private final SampleSink next;
        private long lines;
        private long samples;
        private int open;

        CountingSink(SampleSink next) {
            this.next = next;
        }

        @Override
        public void beginDatagram(long nowMs) {
            open++;
            next.beginDatagram(nowMs);
        }

        @Override
        public void accept(Sample sample) {
            lines++;
            samples += sample.sampleCount();
            next.accept(sample);
        }

        @Override
        public void accept(Event event) {
            lines++;
            samples++;
            next.accept(event);
        }

        @Override
        public void accept(ServiceCheck check) {
            lines++;
            samples++;
            next.accept(check);
        }

        @Override
        public void endDatagram() {
            open--;
            next.endDatagram();
        }
    }

    private static String text(byte[] bytes) {
        return Arrays.toString(bytes) + " " + new String(bytes, StandardCharsets.UTF_8);
    }
}
