package io.dogsled.cli;

import io.dogsled.testserver.Durations;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Schedule;
import io.dogsled.testserver.TestServer;
import io.dogsled.testserver.Timeline;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Runs the latency test server until it is stopped, and says at the end what came. The main thread shows the status; a
 * shutdown hook, which SIGINT and SIGTERM start, closes the server, prints the summary and leaves with 0.
 */
@Command(
        name = "testserver",
        description = "A fake intake with latency and scripted faults, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped by Ctrl-C or SIGTERM", "1:the port or the keystore cannot be used", "2:wrong use"},
        footer = {
            "",
            "Faults: 503, 503x5 (the first five requests), 503,202 (in turns), 429:5s (Retry-After), latency:1s,",
            "latency:20ms..200ms, latency:p50=20ms,p99=2s,",
            "slow-headers:1s, slow-body:1s, slow-middle:1s, drip[:20ms], close, reset, reset-at-once,",
            "reset-after-headers, reset-mid-body, lose-answer, blackhole, refuse[:5s]. With a path before it for that",
            "route alone: /api/v2/series=503x2. Repeated, those with xN play one after the other.",
            "",
            "A scenario file has a line for each span of time, from the start on (or \"clock first-request\"):",
            "  500 from second 10 to 20",
            "  /api/v2/series=latency:1s from 30s to 1m",
            "  refuse from 70s for 5s",
            "  blackhole from 90s on",
            "",
            "While it runs: GET /_testserver/counters, payloads, view, duplicates, summary, scenario,",
            "timeline.json, timeline.csv, timeline.svg; POST /_testserver/script, scenario, reset. For example",
            "  curl -d '{\"fault\":\"503x5\"}' http://127.0.0.1:8126/_testserver/script",
            "For a container (sam local): --bind 0.0.0.0 and DD_DD_URL=http://host.docker.internal:8126"
        })
final class TestServerCommand implements Callable<Integer> {
    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(200);
    private static final Duration PLAIN_INTERVAL = Duration.ofSeconds(1);
    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final String ERASE_TO_END = "\u001b[K";

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--port",
            defaultValue = "8126",
            description = "Port; 0 takes a free one (default ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--bind", defaultValue = "127.0.0.1", description = "Address (default ${DEFAULT-VALUE}).")
    private String bind = "";

    @Option(
            names = "--latency",
            defaultValue = "0ms",
            converter = DurationConverter.class,
            description = "Wait before reading each request: 200ms, 1s, 1m (default ${DEFAULT-VALUE}).")
    private Duration latency = Duration.ZERO;

    @Option(names = "--fault", paramLabel = "FAULT", description = "What goes wrong, see below; may be repeated.")
    private List<String> faults = new ArrayList<>();

    @Option(names = "--scenario", paramLabel = "FILE", description = "What goes wrong when, see below.")
    private @Nullable Path scenario;

    @Option(
            names = "--timeline",
            paramLabel = "FILE",
            description = "Written at the end: what came when and what became of it, as .json, .csv or .svg.")
    private @Nullable Path timeline;

    @Option(
            names = "--close-idle",
            defaultValue = "0ms",
            converter = DurationConverter.class,
            description = "Close keep-alive connections idle for so long; 0ms = never (default).")
    private Duration closeIdle = Duration.ZERO;

    @Option(names = "--keystore", description = "Serve HTTPS with the key in this PKCS12 file.")
    private @Nullable Path keystore;

    @Option(names = "--keystore-password", defaultValue = "", description = "Its password.")
    private String keystorePassword = "";

    @Option(names = "--quiet", description = "No status while it runs; the URL and the summary only.")
    private boolean quiet;

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        checkPort(line);
        List<Scenario> scenarios = new ArrayList<>();
        List<Duration> refusals = new ArrayList<>();
        for (String fault : faults) {
            readFault(line, fault, scenarios, refusals);
        }
        Schedule schedule = schedule(line);
        TestServer server;
        try {
            server = TestServer.start(options().withSchedule(schedule));
        } catch (UnknownHostException e) {
            line.getErr().println("The address " + bind + " is not known.");
            return ExitCode.SOFTWARE;
        } catch (BindException e) {
            line.getErr().println("Port " + port + " of " + bind + " cannot be listened on: " + e.getMessage() + ".");
            return ExitCode.SOFTWARE;
        } catch (IOException e) {
            line.getErr().println(e.getMessage());
            return ExitCode.SOFTWARE;
        }
        scenarios.forEach(server::play);
        server.closeIdleAfter(closeIdle);
        refusals.forEach(server::refuseConnections);
        run(server, line.getOut());
        return ExitCode.OK;
    }

    private void checkPort(CommandLine line) {
        if (port < 0 || port > 65535) {
            throw new ParameterException(
                    line, "Invalid value for option '--port': " + port + " is not from 0 to 65535.");
        }
    }

    /** Reads the scenario file, and sees that the timeline will be written in a form there is. */
    private Schedule schedule(CommandLine line) {
        try {
            if (timeline != null) {
                Timeline.extension(timeline);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, "Invalid value for option '--timeline': " + e.getMessage(), e);
        }
        try {
            return scenario == null ? Schedule.empty() : Schedule.parse(Files.readString(scenario));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    line, "Invalid value for option '--scenario': " + scenario + ", " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ParameterException(
                    line, "Invalid value for option '--scenario': " + scenario + " is not there or not readable.", e);
        }
    }

    private TestServer.Options options() {
        TestServer.Options options =
                TestServer.Options.defaults().withPort(port).withBind(bind).withLatency(latency);
        return keystore == null ? options : options.withKeystore(keystore, keystorePassword);
    }

    /** {@code refuse} is no scenario: a refused connection never becomes a request. */
    private static void readFault(CommandLine line, String fault, List<Scenario> scenarios, List<Duration> refusals) {
        try {
            if (fault.equals("refuse")) {
                refusals.add(FOR_EVER);
            } else if (fault.startsWith("refuse:")) {
                refusals.add(Durations.parse(fault.substring("refuse:".length())));
            } else {
                scenarios.add(Scenario.parse(fault));
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line, "Invalid value for option '--fault': " + e.getMessage(), e);
        }
    }

    /** Until a signal comes, or the thread is interrupted (in tests). */
    private void run(TestServer server, PrintWriter out) {
        Thread hook = new Thread(() -> leave(server, out), "testserver-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        greet(server, out);
        try {
            watch(server, out);
        } catch (InterruptedException e) {
            Runtime.getRuntime().removeShutdownHook(hook);
            end(server, out);
        }
    }

    private void greet(TestServer server, PrintWriter out) {
        out.println("Dogsled test server on " + server.url() + describe());
        out.println("  point an extension at it:  DD_API_KEY=anything DD_DD_URL=" + server.url());
        out.println("  see what came:             curl " + server.url() + "/_testserver/summary");
        out.println("  stop:                      Ctrl-C, then comes the summary");
        out.flush();
    }

    private String describe() {
        String text = latency.isZero() ? "" : ", latency " + latency.toMillis() + "ms";
        text = scenario == null ? text : text + ", scenario " + scenario;
        return faults.isEmpty() ? text : text + ", faults " + String.join(" ", faults);
    }

    private void watch(TestServer server, PrintWriter out) throws InterruptedException {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
        String shown = server.statusLine();
        while (!Thread.interrupted()) {
            Thread.sleep(terminal ? TERMINAL_INTERVAL : PLAIN_INTERVAL);
            String status = server.statusLine();
            if (!quiet && !status.equals(shown)) {
                shown = status;
                out.print(terminal ? "\r" + status + ERASE_TO_END : status + System.lineSeparator());
                out.flush();
            }
        }
        throw new InterruptedException();
    }

    private void leave(TestServer server, PrintWriter out) {
        end(server, out);
        Runtime.getRuntime().halt(ExitCode.OK); // a hook cannot change the exit code of a signal, 130 or 143, otherwise
    }

    private void end(TestServer server, PrintWriter out) {
        server.close();
        save(server.timeline(), out);
        out.println();
        out.print(server.summary());
        out.flush();
    }

    private void save(Timeline seen, PrintWriter out) {
        if (timeline == null) {
            return;
        }
        try {
            seen.write(timeline);
        } catch (IOException e) {
            out.println("The timeline could not be written: " + e);
        }
    }
}
