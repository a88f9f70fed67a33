package io.dogsled.dogstatsd;

import io.dogsled.base.Counters;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.metrics.SampleSink;
import org.jspecify.annotations.Nullable;

/**
 * The parser of one thread, which {@link DebugStats} can exchange while datagrams come. Off, debug statistics cost one volatile read a
 * datagram and nothing a sample: the parser hands its samples to the sink itself.
 */
final class ParserSwitch implements DatagramHandler {
    private final Config.Dogstatsd config;
    private final SampleSink sink;
    private final DatagramHandler plain;
    private final boolean joined;
    private final @Nullable ArrivalListener arrivals;
    private volatile DatagramHandler current;

    /**
     * {@code config} and {@code sink} are those of {@code parser}, for a parser beside it.
     *
     * @param joined whether it is handed packets, whose datagrams have been counted, and not datagrams
     * @param arrivals is told of every datagram that was handled; null if nobody wants to know
     */
    ParserSwitch(
            Config.Dogstatsd config,
            SampleSink sink,
            DatagramParser parser,
            boolean joined,
            @Nullable ArrivalListener arrivals) {
        this.config = config;
        this.sink = sink;
        this.joined = joined;
        this.arrivals = arrivals;
        this.plain = joined ? new OfPackets(parser) : parser;
        this.current = plain;
    }

    @Override
    public void onDatagram(byte[] buffer, int length) {
        current.onDatagram(buffer, length);
        if (arrivals != null) {
            arrivals.onArrival();
        }
    }

    Config.Dogstatsd config() {
        return config;
    }

    SampleSink sink() {
        return sink;
    }

    /** From the next datagram on. Any thread. */
    void use(DatagramParser parser) {
        current = joined ? new OfPackets(parser) : parser;
    }

    /** As it was made, from the next datagram on. Any thread. */
    void usePlain() {
        current = plain;
    }

    /** What comes from the next datagram on is counted as lost and not parsed; for good. Any thread. */
    void discard(Counters counters) {
        current = new Discarding(counters, joined);
    }

    /** A packet of a worker: datagrams that have been counted, and whose ends have been looked at. */
    private static final class OfPackets implements DatagramHandler {
        private final DatagramParser parser;

        OfPackets(DatagramParser parser) {
            this.parser = parser;
        }

        @Override
        public void onDatagram(byte[] buffer, int length) {
            parser.onPacket(buffer, length);
        }
    }
}
