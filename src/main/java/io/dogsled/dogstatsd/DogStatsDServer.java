package io.dogsled.dogstatsd;

import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigProblem;
import io.dogsled.dogstatsd.listeners.ArrivalListener;
import io.dogsled.dogstatsd.listeners.DatagramHandler;
import io.dogsled.dogstatsd.listeners.InheritedListener;
import io.dogsled.dogstatsd.listeners.Listener;
import io.dogsled.dogstatsd.listeners.MarkSender;
import io.dogsled.dogstatsd.listeners.PacketStatistics;
import io.dogsled.dogstatsd.listeners.RelayedListener;
import io.dogsled.dogstatsd.listeners.StreamListener;
import io.dogsled.dogstatsd.listeners.UdpListener;
import io.dogsled.dogstatsd.mapper.MapperException;
import io.dogsled.dogstatsd.mapper.MetricMapper;
import io.dogsled.metrics.Enricher;
import io.dogsled.metrics.SampleSink;
import io.dogsled.metrics.Text;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running DogStatsD server: receives, parses, and hands to a {@link SampleSink}. Every listener has a thread {@code dogstatsd}, which
 * calls the sink unless there are workers, which then do. For all of them the sink's lock between {@code beginDatagram} and
 * {@code endDatagram} is enough.
 *
 * <p>Any one listener is enough. One that cannot start is a line in the log; one that breaks is started again ({@link #health}).
 */
public final class DogStatsDServer implements AutoCloseable {
    /** What to do when the UDP socket cannot be bound. */
    public static final String PORT_REMEDY = "stop what uses it or set DD_DOGSTATSD_PORT or DD_BIND_HOST";

    private static final String RELAY_REMEDY = "unset DD_DOGSTATSD_SOCKET";
    private static final String SOCKET_REMEDY = "set DD_DOGSTATSD_STREAM_SOCKET to a free path that can be written";

    private final Config.Dogstatsd config;
    private final Instruments instruments;
    private final MessageHandling handling;
    private final Listeners listeners;
    private final @Nullable ArrivalListener arrivals;

    private DogStatsDServer(
            Config.Dogstatsd config, SampleSink sink, @Nullable ArrivalListener arrivals, Instruments instruments) {
        this.config = config;
        this.instruments = instruments;
        this.arrivals = arrivals;
        this.handling = new MessageHandling(config, sink, instruments);
        this.listeners = new Listeners(instruments);
        if (config.contextStats()) {
            handling.debugStats().enable(true); // also for the parsers that are made later
        }
    }

    /** How one listener is. */
    public record Health(String listener, Listener.State state) {}

    /**
     * The sockets that the launcher bound.
     *
     * @param port the UDP port; 0 = it bound none
     * @param bindError why it bound none, {@code ""} if UDP is switched off
     * @param held whether the launcher hands over what it has read of the UDP socket before it is read here
     * @param marks sends marker datagrams to the UDP socket
     * @param unixMarks asks for markers among the datagrams of the Unix socket; null if it bound none
     * @param arrivals is told of every datagram
     */
    public record InheritedSocket(
            int port,
            String bindError,
            boolean held,
            MarkSender marks,
            @Nullable MarkSender unixMarks,
            ArrivalListener arrivals) {
        /** UDP alone, where nobody wants to know of arrivals. */
        public InheritedSocket(int port, String bindError, MarkSender marks) {
            this(port, bindError, false, marks, null, ArrivalListener.NOBODY);
        }
    }

    /**
     * A server with sockets of its own, as the settings say; all of them read when this returns. A Unix datagram socket needs the
     * launcher: the JDK has none.
     *
     * @throws ServerStartException if there is nothing to listen on, or none of it can be had
     */
    public static DogStatsDServer newServer(Config.Dogstatsd config, SampleSink sink, Instruments instruments)
            throws ServerStartException {
        DogStatsDServer server = new DogStatsDServer(config, sink, null, instruments);
        server.handling.start();
        server.startUdp();
        try {
            server.startOthers();
        } catch (ServerStartException nothing) {
            server.close();
            throw nothing;
        }
        return server;
    }

    /**
     * A server on the sockets that the launcher bound: UDP as fd 0, and the datagrams of a Unix socket through fd 5. It reads those
     * when this returns, and the others from {@link #startOthers} on.
     *
     * @throws ServerStartException if the launcher bound none, and there are no others
     */
    public static DogStatsDServer newServerlessServer(
            Config.Dogstatsd config, SampleSink sink, InheritedSocket socket, Instruments instruments)
            throws ServerStartException {
        DogStatsDServer server = new DogStatsDServer(config, sink, socket.arrivals(), instruments);
        server.handling.start();
        server.startInherited(socket);
        if (!config.transports().hasStreamSocket()) {
            try {
                server.listeners.requireOne();
            } catch (ServerStartException nothing) {
                server.close();
                throw nothing;
            }
        }
        return server;
    }

    /**
     * What the aggregator asks once per new spelling: mapping, namespace, block list, reserved tags, tags added to everything, tags
     * taken off. Mapping profiles that cannot be used are reported in one line, and nothing is mapped.
     */
    public static Enricher enricher(Config.Dogstatsd config, Instruments instruments) {
        return enricher(config, instruments, instruments.log());
    }

    /** One more {@link #enricher} of the same settings, for another lock. What cannot be used has been reported by the first. */
    public static Enricher anotherEnricher(Config.Dogstatsd config, Instruments instruments) {
        return enricher(config, instruments, new Log(Log.Level.OFF));
    }

    /** {@code faults}: for what cannot be used; a mapper that is used has {@code instruments} for its own lines. */
    private static Enricher enricher(Config.Dogstatsd config, Instruments instruments, Log faults) {
        MetricMapper mapper = MetricMapper.none();
        try {
            mapper = MetricMapper.parse(
                    config.mapper().profiles(), config.mapper().cacheSize(), instruments);
        } catch (MapperException e) {
            faults.warn(new ConfigProblem(
                            "DD_DOGSTATSD_MAPPER_PROFILES",
                            config.mapper().profiles(),
                            "a JSON array of profiles, found this fault: " + e.getMessage(),
                            "none, so no metric is mapped")
                    .line());
        }
        Map<Text, TagFilter> filters =
                config.tagFilterlist().isEmpty() ? Map.of() : TagFilterReader.read(config.tagFilterlist(), faults);
        return new Enrichment(config, mapper, filters);
    }

    /**
     * Starts what costs too much before <em>ready</em>: every listener but UDP, and forwarding. Once.
     *
     * @throws ServerStartException if nothing listens then, not even on UDP
     */
    public void startOthers() throws ServerStartException {
        String path = config.transports().streamSocket();
        if (!path.isEmpty()) {
            int bufferBytes = config.transports().bufferBytes();
            listeners.start(new StreamListener(path, bufferBytes, handling.uds(arrivals), instruments), SOCKET_REMEDY);
        }
        handling.startForwarding();
        listeners.requireOne();
    }

    /** The UDP port that is read, 0 if none is. */
    public int localPort() {
        return listeners.localPort();
    }

    /**
     * Waits until the sink has seen every datagram that was in one of the sockets when this was called; any thread but the server's.
     *
     * @return false if that is not sure when the deadline comes
     */
    public boolean drain(Deadline deadline) {
        boolean received = listeners.drain(deadline);
        return handling.drain(deadline) && received;
    }

    /**
     * The end of the sandbox: what comes from now on, or has not been parsed yet, is counted as {@link
     * io.dogsled.base.Counter#LOST_SHUTDOWN}, a line a sample. Any thread.
     */
    public void discard() {
        handling.discard();
    }

    /** Counts what the kernel dropped at a full socket as {@link io.dogsled.base.Counter#KERNEL_DROPPED}; any thread. */
    public void countKernelDrops() {
        listeners.countKernelDrops();
    }

    /** This process is a copy of one that was drained: draws anew what is random, and forgets statistics. Not during a drain. */
    public void beginAnew() {
        listeners.beginAnew();
        debugStats().beginAnew();
    }

    /** How many samples come of each context, if somebody wants to know. Any thread. */
    public DebugStats debugStats() {
        return handling.debugStats();
    }

    /** How each listener is, UDP first, and last those that were asked for and could not start. Any thread. */
    public List<Health> health() {
        return listeners.health();
    }

    /**
     * The statistics that are on, as JSON: {@link DebugStats}, and {@code packets_per_second}, the datagrams in each of the last seconds,
     * the current one first. {@code ""} if none is on. Any thread.
     */
    public String statsJson() {
        long[] packets = packetsPerSecond();
        if (packets.length == 0 && !debugStats().isEnabled()) {
            return "";
        }
        StringBuilder json = new StringBuilder("{");
        if (packets.length > 0) {
            json.append("\"packets_per_second\":");
            JsonText.numbers(json, packets);
            json.append(',');
        }
        return json.append(debugStats().json()).append('}').toString();
    }

    /** {@link #health} as JSON; {@code healthy}: {@link #isHealthy}. Any thread. */
    public String healthJson() {
        StringBuilder json =
                new StringBuilder("{\"healthy\":").append(isHealthy()).append(",\"listeners\":[");
        String comma = "";
        for (Health health : health()) {
            json.append(comma).append("{\"name\":");
            JsonText.quote(json, health.listener());
            json.append(",\"state\":\"").append(health.state().label()).append("\"}");
            comma = ",";
        }
        return json.append("]}").toString();
    }

    /** Whether some listener reads, and every one that was asked for does. Any thread. */
    public boolean isHealthy() {
        boolean reads = false;
        for (Health health : health()) {
            if (health.state() != Listener.State.RUNNING) {
                return false;
            }
            reads = true;
        }
        return reads;
    }

    /** Datagrams in each of the last seconds, the current one first; empty if they are not counted. Any thread. */
    public long[] packetsPerSecond() {
        PacketStatistics statistics = handling.statistics();
        return statistics == null ? new long[0] : statistics.perSecond();
    }

    /** Stops receiving, and then handles what has been received; what is in a socket stays there. May run twice. */
    @Override
    public void close() {
        listeners.close();
        handling.close();
    }

    private void startUdp() {
        if (config.port() == 0) {
            if (!config.transports().hasStreamSocket()) {
                listeners.noneWanted("DD_DOGSTATSD_PORT is 0; set it to a port such as 8125");
            }
            return;
        }
        int port = config.port() == Config.RANDOM_PORT ? 0 : config.port();
        try {
            listeners.start(
                    UdpListener.bind(
                            config.bindHost(), port, config.receiveBufferBytes(), handling.udp(null), instruments),
                    PORT_REMEDY);
        } catch (IOException e) {
            listeners.failed("udp " + config.bindHost() + ":" + config.port(), e.getMessage() + "; " + PORT_REMEDY);
        }
    }

    private void startInherited(InheritedSocket socket) {
        if (socket.port() != 0) {
            startInheritedUdp(socket);
        } else if (!socket.bindError().isEmpty()) {
            listeners.failed("udp port " + config.port(), socket.bindError() + "; " + PORT_REMEDY);
        } else if (socket.unixMarks() == null && !config.transports().hasStreamSocket()) {
            listeners.noneWanted("UDP is switched off; set DD_DOGSTATSD_PORT to a port such as 8125");
        } else if (config.port() != 0) {
            listeners.missing("udp port " + config.port()); // the launcher's greeting says why
        }
        if (socket.unixMarks() != null) {
            startRelayed(socket.unixMarks());
        } else if (!config.transports().datagramSocket().isEmpty()) {
            listeners.missing("unix datagram socket " + config.transports().datagramSocket());
        }
    }

    private void startInheritedUdp(InheritedSocket socket) {
        DatagramHandler handler = handling.udp(arrivals);
        try {
            listeners.start(
                    socket.held()
                            ? InheritedListener.ofLauncher(socket.port(), handler, socket.marks(), instruments)
                            : InheritedListener.ofStandardInput(socket.port(), handler, socket.marks(), instruments),
                    PORT_REMEDY);
        } catch (IOException e) {
            listeners.failed("udp port " + socket.port(), e.getMessage() + "; " + PORT_REMEDY);
        }
    }

    private void startRelayed(MarkSender marks) {
        try {
            listeners.start(RelayedListener.ofLauncher(handling.uds(arrivals), marks, instruments), RELAY_REMEDY);
        } catch (IOException e) {
            listeners.failed("unix datagram socket", e.getMessage() + "; " + RELAY_REMEDY);
        }
    }
}
