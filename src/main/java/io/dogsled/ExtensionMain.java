package io.dogsled;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.aggregator.Pipelines;
import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigProblem;
import io.dogsled.config.ConfigReader;
import io.dogsled.config.ConnectionReader;
import io.dogsled.control.ControlServer;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.dogstatsd.ServerStartException;
import io.dogsled.flush.Flusher;
import io.dogsled.flush.Ledger;
import io.dogsled.flush.LossLines;
import io.dogsled.flush.SelfMetrics;
import io.dogsled.forwarder.Forwarders;
import io.dogsled.http.Network;
import io.dogsled.lambda.DataSignal;
import io.dogsled.lambda.LambdaLoop;
import io.dogsled.lambda.LauncherChannel;
import io.dogsled.metrics.Enricher;
import io.dogsled.telemetry.EnhancedMetrics;
import io.dogsled.telemetry.TagSplitter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The engine, put together: every long-lived {@code new} is on this page. The launcher starts it with {@code --udp=<port>} or
 * {@code --no-udp}, {@code --begin=<second>}, the socket as fd 0 and the two pipes as fd 3 and 4; with {@code --unix} a third pipe is fd 5, with
 * {@code --held} a fourth is fd 6.
 *
 * <p>The order is that of a fast start: what is needed to receive, then {@code ready}, then everything else. Nothing before
 * {@code ready} may load a library, a lambda, a regex or a channel (style.md §3).
 */
public final class ExtensionMain {
    private static final String UDP = "--udp=";
    private static final String BEGIN = "--begin=";
    private static final String UNIX = "--unix";
    private static final String HELD = "--held";
    private static final String SUCCESSOR = "--successor";

    /** Contexts that the debug statistics name in the log at the end: the customer pays for each line. */
    private static final int STATS_LINES = 20;

    private final Config config;
    private final Instruments instruments;
    private final LauncherChannel channel;
    private final DataSignal signal;
    private final Pipelines aggregator;
    private final long beganMs;
    private final boolean successor;

    private ExtensionMain(Config config, Instruments instruments, String[] args) throws IOException {
        this.config = config;
        this.instruments = instruments;
        channel = LauncherChannel.inherited();
        signal = new DataSignal(channel);
        aggregator = Pipelines.of(config.aggregation(), enrichers(), instruments);
        beganMs = number(args, BEGIN) * 1_000;
        successor = List.of(args).contains(SUCCESSOR);
        aggregator.beginAt(beganMs);
    }

    /** Runs until the sandbox ends; exits with 1 if the launcher is to start a new engine, with 0 otherwise. */
    public static void main(String[] args) {
        List<ConfigProblem> problems = new ArrayList<>();
        Config config = ConfigReader.read(ConfigReader.environment(), problems);
        Instruments instruments = new Instruments(Clock.system(), new Counters(), new Log(config.logLevel()));
        int status = 1;
        try {
            ExtensionMain engine = new ExtensionMain(config, instruments, args);
            status = engine.run(engine.receive(args), problems);
        } catch (IOException noPipes) {
            instruments.log().error("this is started by Dogsled's launcher, not by hand: " + noPipes.getMessage());
        } catch (RuntimeException | Error failure) {
            instruments.counters().increment(Counter.INTERNAL_ERRORS);
            instruments.log().error("the engine cannot go on (" + failure + "); the launcher starts a new one");
        }
        // no thread has to be joined, and none may keep the sandbox waiting
        Runtime.getRuntime().halt(status);
    }

    /** A server that reads, and <em>ready</em>; null if there is no socket: why is in {@code registered}, which comes later. */
    private @Nullable DogStatsDServer receive(String[] args) {
        int port = (int) number(args, UDP);
        boolean unix = List.of(args).contains(UNIX);
        boolean held = List.of(args).contains(HELD);
        DogStatsDServer server = null;
        LauncherSide launcher = new LauncherSide(channel, signal);
        try {
            if (port != 0 || unix || config.dogstatsd().transports().hasStreamSocket()) {
                server = DogStatsDServer.newServerlessServer(
                        config.dogstatsd(),
                        aggregator,
                        new DogStatsDServer.InheritedSocket(
                                port, "", held, launcher, unix ? launcher.unixMarks() : null, launcher),
                        instruments);
            }
        } catch (ServerStartException noServer) {
            instruments.log().error(noServer.getMessage() + "; going on without metrics");
        }
        channel.ready();
        return server;
    }

    /** Everything that may take its time. Nothing is run for practice: the AOT cache holds what the first flush needs. */
    private int run(@Nullable DogStatsDServer server, List<ConfigProblem> problems) {
        instruments.log().engineReady();
        Network network = network(problems);
        for (ConfigProblem problem : problems) {
            instruments.log().warn(problem.line());
        }
        startOthers(server);
        Forwarders forwarders = Forwarders.of(config, network, instruments);
        forwarders.start();
        Aggregator own = config.enhancedMetrics() ? aggregatorOfEnhanced() : null;
        Pipelines all = own == null ? aggregator : Pipelines.joined(aggregator, own);
        Ledger ledger = new Ledger(server, instruments.counters(), all, forwarders);
        Flusher flusher = new Flusher(server, all, forwarders, instruments);
        haveReported(flusher, ledger);
        LossLines losses = new LossLines(instruments.counters(), forwarders, instruments.log());
        Moments moments = new Moments(config, new Moments.Parts(server, flusher, losses, enhanced(own), instruments));
        LambdaLoop loop = new LambdaLoop(loopSetup(), channel, moments);
        moments.connect(loop);
        Thread.setDefaultUncaughtExceptionHandler(new ThreadEnds(loop, instruments));
        LocalRequests requests = new LocalRequests(loop, ledger, instruments.counters(), server);
        new ControlServer(config.control(), requests, instruments).start();

        LambdaLoop.End end = loop.run();
        sayStats(server);
        losses.last();
        sayLedger(ledger);
        return end == LambdaLoop.End.FAILED ? 1 : 0;
    }

    /** Its settings are read here, and not with the others: nothing before <em>ready</em> needs them. */
    private Network network(List<ConfigProblem> problems) {
        Config.Connection settings = ConnectionReader.read(ConfigReader.environment(), problems);
        return new Network(settings, config.intake().certFile(), instruments.log());
    }

    private Aggregator aggregatorOfEnhanced() {
        return new Aggregator(config.aggregation(), new TagSplitter(), instruments.counters());
    }

    private @Nullable EnhancedMetrics enhanced(@Nullable Aggregator sink) {
        EnhancedMetrics enhanced = sink == null ? null : new EnhancedMetrics(config, sink, instruments);
        if (enhanced != null && successor) {
            enhanced.succeedAnother();
        }
        return enhanced;
    }

    /** What a flush tells, beside the intake. */
    private void haveReported(Flusher flusher, Ledger ledger) {
        Holdings.tell(flusher, channel, ledger);
        if (config.selfMetrics()) {
            flusher.report(selfMetrics(ledger));
        }
    }

    private SelfMetrics selfMetrics(Ledger ledger) {
        SelfMetrics metrics = new SelfMetrics(config, instruments.counters(), aggregator);
        metrics.beginAt(beganMs);
        if (successor) {
            ledger.countKernelDrops();
            metrics.succeedAnother();
        }
        return metrics;
    }

    /** The listeners that are no UDP socket, and what goes out beside the intake. */
    private void startOthers(@Nullable DogStatsDServer server) {
        try {
            if (server != null) {
                server.startOthers();
            }
        } catch (ServerStartException nothing) {
            instruments.log().error(nothing.getMessage() + "; going on without metrics");
        }
    }

    private LambdaLoop.Setup loopSetup() {
        return new LambdaLoop.Setup(
                config.flush().budgetMs(),
                config.function().managedInstances(),
                config.function().snapStart(),
                signal,
                instruments);
    }

    private void sayLedger(Ledger ledger) {
        instruments.log().report(ledger.line());
        for (String line : ledger.endpointLines()) {
            instruments.log().report(line);
        }
        String notes = ledger.notesLine();
        if (!notes.isEmpty()) {
            instruments.log().report(notes);
        }
    }

    /** The debug statistics, if they are on. */
    private void sayStats(@Nullable DogStatsDServer server) {
        if (server != null && server.debugStats().isEnabled()) {
            for (String line : server.debugStats().lines(STATS_LINES)) {
                instruments.log().report(line);
            }
        }
    }

    /** One an aggregator: it belongs to the lock of its own. */
    private Enricher[] enrichers() {
        Enricher[] enrichers = new Enricher[config.aggregation().pipelines()];
        enrichers[0] = DogStatsDServer.enricher(config.dogstatsd(), instruments);
        for (int i = 1; i < enrichers.length; i++) {
            enrichers[i] = DogStatsDServer.anotherEnricher(config.dogstatsd(), instruments);
        }
        return enrichers;
    }

    /** The number behind an argument's name, such as the port of the socket that is fd 0; 0 = the argument is not there. */
    private static long number(String[] args, String name) {
        for (String arg : args) {
            if (arg.startsWith(name)) {
                return Long.parseLong(arg, name.length(), arg.length(), 10);
            }
        }
        return 0;
    }
}
