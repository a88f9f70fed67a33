package io.dogsled.dogstatsd;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.dogstatsd.listeners.InheritedListener;
import io.dogsled.dogstatsd.listeners.Listener;
import io.dogsled.dogstatsd.listeners.MarkSender;
import io.dogsled.dogstatsd.listeners.RelayedListener;
import io.dogsled.dogstatsd.listeners.UdpListener;
import io.dogsled.dogstatsd.mapper.MapperException;
import io.dogsled.dogstatsd.mapper.MetricMapper;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running DogStatsD server: receives, parses, and hands to a {@link SampleSink}. The thread {@code dogstatsd} calls the sink; so does
 * the caller of {@link #held}, for which the sink's lock between {@code beginDatagram} and {@code endDatagram} is enough.
 */
public final class DogStatsDServer implements AutoCloseable {
    private final List<Listener> listeners;
    private final DatagramHandler heldHandler;
    private final List<ParserSwitch> parsers;
    private final Instruments instruments;
    private @Nullable DebugStats debugStats; // guarded by this

    private DogStatsDServer(List<Listener> listeners, List<ParserSwitch> parsers, Instruments instruments) {
        this.listeners = listeners;
        this.heldHandler = parsers.getLast();
        this.parsers = parsers;
        this.instruments = instruments;
    }

    /**
     * The sockets that the launcher bound.
     *
     * @param port the UDP port; 0 = it bound none
     * @param bindError why it bound none, {@code ""} if UDP is switched off
     * @param marks sends marker datagrams to the UDP socket
     * @param unixMarks asks for markers among the datagrams of the Unix socket; null if it bound none
     * @param arrivals is told of every datagram
     */
    public record InheritedSocket(
            int port,
            String bindError,
            MarkSender marks,
            @Nullable MarkSender unixMarks,
            ArrivalListener arrivals) {
        /** UDP alone, where nobody wants to know of arrivals. */
        public InheritedSocket(int port, String bindError, MarkSender marks) {
            this(port, bindError, marks, null, ArrivalListener.NOBODY);
        }
    }

    /**
     * A server with a UDP socket of its own, on {@code bindHost} and {@code port} of the settings. A Unix datagram socket needs the
     * launcher: the JDK has none.
     *
     * @throws ServerStartException if UDP is off or the port cannot be had
     */
    public static DogStatsDServer newServer(Config.Dogstatsd config, SampleSink sink, Instruments instruments)
            throws ServerStartException {
        if (config.port() == 0) {
            throw nothingToListenOn("DD_DOGSTATSD_PORT is 0; set it to a port such as 8125");
        }
        int port = config.port() == Config.RANDOM_PORT ? 0 : config.port();
        List<ParserSwitch> parsers = new ArrayList<>();
        try {
            List<Listener> listeners = List.of(UdpListener.bind(
                    config.bindHost(),
                    port,
                    config.receiveBufferBytes(),
                    parser(config, sink, instruments, parsers, null),
                    instruments));
            parser(config, sink, instruments, parsers, null);
            return new DogStatsDServer(listeners, parsers, instruments).started(config);
        } catch (IOException e) {
            throw new ServerStartException(
                    "listening on neither udp nor socket: udp " + config.bindHost() + ":" + config.port() + ": "
                            + e.getMessage() + "; stop what uses it or set DD_DOGSTATSD_PORT",
                    e);
        }
    }

    /**
     * A server on the sockets that the launcher bound: UDP as fd 0, and the datagrams of a Unix socket through fd 5.
     *
     * @throws ServerStartException if the launcher bound none
     */
    public static DogStatsDServer newServerlessServer(
            Config.Dogstatsd config, SampleSink sink, InheritedSocket socket, Instruments instruments)
            throws ServerStartException {
        if (socket.port() == 0 && socket.unixMarks() == null) {
            throw nothingToListenOn(
                    socket.bindError().isEmpty()
                            ? "UDP is switched off; set DD_DOGSTATSD_PORT to a port such as 8125"
                            : "udp port " + config.port() + ": " + socket.bindError()
                                    + "; stop what uses it or set DD_DOGSTATSD_PORT");
        }
        try {
            List<ParserSwitch> parsers = new ArrayList<>();
            List<Listener> listeners = inherited(config, sink, socket, instruments, parsers);
            parser(config, sink, instruments, parsers, null);
            return new DogStatsDServer(listeners, parsers, instruments).started(config);
        } catch (IOException e) {
            throw new ServerStartException("listening on neither udp nor socket: " + e.getMessage(), e);
        }
    }

    private static List<Listener> inherited(
            Config.Dogstatsd config,
            SampleSink sink,
            InheritedSocket socket,
            Instruments instruments,
            List<ParserSwitch> parsers)
            throws IOException {
        List<Listener> listeners = new ArrayList<>();
        if (socket.port() != 0) {
            listeners.add(InheritedListener.ofStandardInput(
                    socket.port(),
                    parser(config, sink, instruments, parsers, socket.arrivals()),
                    socket.marks(),
                    instruments));
        }
        if (socket.unixMarks() != null) {
            Config.Dogstatsd uds = config.withEolRequired(config.transports().udsEolRequired());
            listeners.add(RelayedListener.ofLauncher(
                    parser(uds, sink, instruments, parsers, socket.arrivals()), socket.unixMarks(), instruments));
        }
        return listeners;
    }

    /**
     * What the aggregator asks once per new spelling: mapping, namespace, block list, reserved tags, tags added to everything, tags
     * taken off. Mapping profiles that cannot be used are reported in one line, and nothing is mapped.
     */
    public static Enricher enricher(Config.Dogstatsd config, Instruments instruments) {
        MetricMapper mapper = MetricMapper.none();
        try {
            mapper = MetricMapper.parse(
                    config.mapper().profiles(), config.mapper().cacheSize(), instruments);
        } catch (MapperException e) {
            instruments
                    .log()
                    .warn("DD_DOGSTATSD_MAPPER_PROFILES cannot be used, no metric is mapped: " + e.getMessage());
        }
        Map<Text, TagFilter> filters = config.tagFilterlist().isEmpty()
                ? Map.of()
                : TagFilterReader.read(config.tagFilterlist(), instruments.log());
        return new Enrichment(config, mapper, filters);
    }

    /** The UDP port that is read, 0 if none. */
    public int localPort() {
        return listeners.getFirst().localPort();
    }

    /**
     * Waits until the sink has seen every datagram that was in the sockets when this was called; any thread but the server's.
     *
     * @return false if that is not sure when the deadline comes
     */
    public boolean drain(Deadline deadline) {
        boolean drained = true;
        for (Listener listener : listeners) {
            drained &= listener.drain(deadline);
        }
        return drained;
    }

    /** Counts what the kernel dropped at a full socket as {@link io.dogsled.base.Counter#KERNEL_DROPPED}; any thread. */
    public void countKernelDrops() {
        for (Listener listener : listeners) {
            listener.countKernelDrops();
        }
    }

    /** How many samples come of each context, if somebody wants to know. Any thread. */
    public synchronized DebugStats debugStats() {
        if (debugStats == null) {
            debugStats = new DebugStats(parsers, instruments);
        }
        return debugStats;
    }

    /** Takes a datagram that the launcher kept while no engine ran, as if it came from the socket; one thread. */
    public void held(byte[] datagram, int length) {
        if (length > 0) {
            heldHandler.onDatagram(datagram, length);
        }
    }

    /** Stops receiving; what is in the socket stays there. May run twice. */
    @Override
    public void close() {
        for (Listener listener : listeners) {
            listener.close();
        }
    }

    /** Debug statistics are on before the first datagram is read, if they are to be. */
    private DogStatsDServer started(Config.Dogstatsd config) throws IOException {
        if (config.contextStats()) {
            debugStats().enable(true);
        }
        for (Listener listener : listeners) {
            listener.start();
        }
        return this;
    }

    /** {@code parsers} gets it too. The last one made is that of {@link #held}. */
    private static DatagramHandler parser(
            Config.Dogstatsd config,
            SampleSink sink,
            Instruments instruments,
            List<ParserSwitch> parsers,
            @Nullable ArrivalListener arrivals) {
        DatagramParser plain = new DatagramParser(config, sink, instruments, new RejectionLog(instruments.log()));
        ParserSwitch parser = new ParserSwitch(config, sink, plain, arrivals);
        parsers.add(parser);
        return parser;
    }

    private static ServerStartException nothingToListenOn(String reason) {
        return new ServerStartException("listening on neither udp nor socket: " + reason);
    }
}
