package io.dogsled.dogstatsd;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.dogstatsd.listeners.Forwarding;
import io.dogsled.dogstatsd.listeners.PacketStatistics;
import io.dogsled.dogstatsd.listeners.Workers;
import io.dogsled.metrics.SampleSink;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a datagram between its listener and the sink (Agent: {@code handleMessages}).
 *
 * <pre>
 * listener ─► statistics? ─► parser ─► sink                        the default: one thread does it all
 *             │              HandOver ─► Workers ─► parser ─► sink    with workers
 *             └► forwarding? (after the above)
 * </pre>
 *
 * Only what a setting asks for is there, and costs anything.
 */
final class MessageHandling implements AutoCloseable {
    private final Config.Dogstatsd config;
    private final SampleSink sink;
    private final Instruments instruments;
    private final List<ParserSwitch> parsers = new ArrayList<>(); // guarded by this
    private @Nullable DebugStats debugStats; // guarded by this
    private final @Nullable Workers workers;
    private final @Nullable Forwarding forwarding;
    private final @Nullable PacketStatistics statistics;

    /** Nothing runs before {@link #start}. */
    MessageHandling(Config.Dogstatsd config, SampleSink sink, Instruments instruments) {
        this.config = config;
        this.sink = sink;
        this.instruments = instruments;
        Config.Transports transports = config.transports();
        Config.Forward target = transports.forward();
        workers = config.workers() == 0 ? null : workers(transports);
        forwarding = target.isOn() ? new Forwarding(target.host(), target.port(), instruments) : null;
        statistics = transports.statisticsS() == 0
                ? null
                : new PacketStatistics(transports.statisticsS(), instruments.clock());
    }

    /** What a UDP listener hands its datagrams to, one for each listener; {@code arrivals} is told of each, if it is not null. */
    DatagramHandler udp(@Nullable ArrivalListener arrivals) {
        return handler(config, arrivals);
    }

    /** What the listener of a Unix socket hands its datagrams to; one for each listener. */
    DatagramHandler uds(@Nullable ArrivalListener arrivals) {
        return handler(config.withEolRequired(config.transports().udsEolRequired()), arrivals);
    }

    /** Before the first listener. */
    void start() {
        if (workers != null) {
            workers.start();
        }
    }

    /** What costs a channel and may wait for a name server: after <em>ready</em>. */
    void startForwarding() {
        if (forwarding != null) {
            forwarding.start();
        }
    }

    /** Waits until what the listeners have handed over has been handled; false if that is not sure at the deadline. */
    boolean drain(Deadline deadline) {
        return workers == null || workers.drain(deadline);
    }

    /** Those of the parsers of all threads. Any thread. */
    synchronized DebugStats debugStats() {
        if (debugStats == null) {
            debugStats = new DebugStats(config, new ArrayList<>(parsers), instruments);
        }
        return debugStats;
    }

    /** From now on nothing is parsed, and all that comes is counted as lost. Any thread. */
    synchronized void discard() {
        for (ParserSwitch parser : parsers) {
            parser.discard(instruments.counters());
        }
    }

    @Nullable
    PacketStatistics statistics() {
        return statistics;
    }

    /** After the listeners. */
    @Override
    public void close() {
        if (workers != null) {
            workers.close();
        }
        if (forwarding != null) {
            forwarding.close();
        }
    }

    private Workers workers(Config.Transports transports) {
        List<DatagramHandler> ofWorkers = new ArrayList<>();
        for (int i = 0; i < config.workers(); i++) {
            ofWorkers.add(parser(config.withEolRequired(false), true, null));
        }
        return new Workers(ofWorkers, transports.bufferBytes(), transports.queueSize(), instruments);
    }

    private DatagramHandler handler(Config.Dogstatsd ofTransport, @Nullable ArrivalListener arrivals) {
        DatagramHandler handler = workers == null
                ? parser(ofTransport, false, arrivals)
                : new HandOver(workers, ofTransport.eolRequired(), arrivals, instruments);
        if (forwarding != null) {
            handler = new Forwarded(handler, forwarding);
        }
        return statistics == null ? handler : new Counted(handler, statistics);
    }

    /** {@code joined}: for the packets of a worker. */
    private synchronized ParserSwitch parser(
            Config.Dogstatsd ofTransport, boolean joined, @Nullable ArrivalListener arrivals) {
        DatagramParser plain = new DatagramParser(ofTransport, sink, instruments, new RejectionLog(instruments.log()));
        ParserSwitch parser = new ParserSwitch(ofTransport, sink, plain, joined, arrivals);
        parsers.add(parser);
        if (debugStats != null) {
            debugStats.add(parser);
        }
        return parser;
    }

    /** A datagram is handled, and then sent on. */
    private static final class Forwarded implements DatagramHandler {
        private final DatagramHandler handler;
        private final Forwarding forwarding;

        Forwarded(DatagramHandler handler, Forwarding forwarding) {
            this.handler = handler;
            this.forwarding = forwarding;
        }

        @Override
        public void onDatagram(byte[] buffer, int length) {
            try {
                handler.onDatagram(buffer, length);
            } finally {
                forwarding.forward(buffer, length);
            }
        }
    }

    /** A datagram is counted, and then handled. */
    private static final class Counted implements DatagramHandler {
        private final DatagramHandler handler;
        private final PacketStatistics statistics;

        Counted(DatagramHandler handler, PacketStatistics statistics) {
            this.handler = handler;
            this.statistics = statistics;
        }

        @Override
        public void onDatagram(byte[] buffer, int length) {
            statistics.count();
            handler.onDatagram(buffer, length);
        }
    }
}
