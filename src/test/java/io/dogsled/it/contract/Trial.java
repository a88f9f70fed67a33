package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.emulator.Violation;
import io.dogsled.it.Packaged;
import io.dogsled.it.Platform;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One function with the packaged layer in the local Lambda, and the intake it delivers to; a field with
 * {@code @RegisterExtension}, so that every test has its own and it is closed after it.
 *
 * <p>First come the settings ({@link #emulator}, {@link #with}), then the sandbox: it is there from the first call that needs
 * it, and its processes from {@link #init} or the first {@link #invoke}, so faults can be scripted in between.
 *
 * <p>A machine that does much else can take longer for a flush than the budget of 250 ms. Where the budget is not what a test is
 * about, it is two seconds, in a function with a timeout of ten, so that what an invocation sent has arrived when it ends.
 * Metrics about the function itself are off.
 */
final class Trial implements AfterEachCallback {
    /**
     * What an invocation {@link #inHaste} may be held: the budget of 250 ms, and what a machine that does much else adds. A wait
     * for the deadline is far beyond. (That 50 ms are enough on a quiet one is shown where processes are killed.)
     */
    static final Duration HELD = Duration.ofMillis(900);

    /** How long a test waits for what must happen on a machine that does much else. */
    static final Duration LONG = Duration.ofSeconds(20);

    private final TestServer intake = TestServer.newTestServer();
    private final Emulator emulator;
    private final int port;
    private boolean hasRuntime;
    private int warmUps;
    private @Nullable ScriptedFunction function;

    Trial() {
        try {
            port = ScriptedFunction.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        emulator = Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .variable("DD_ENHANCED_METRICS", "false")
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", "2000")
                .timeout(Duration.ofSeconds(10));
    }

    /** What receives the metrics. */
    TestServer intake() {
        return intake;
    }

    /** The settings of the sandbox to come. */
    Emulator emulator() {
        return emulator;
    }

    /** A variable of the function. */
    Trial with(String name, String value) {
        emulator.variable(name, value);
        return this;
    }

    /** Budget and function timeout as they are by default. */
    Trial inHaste() {
        emulator.variable("DD_DOGSLED_FLUSH_BUDGET_MS", "250").timeout(Duration.ofSeconds(3));
        return this;
    }

    /** A process is the function's runtime; from then on the function of this trial only sends. */
    Trial runtime(List<String> command) {
        emulator.runtime(command);
        hasRuntime = true;
        return this;
    }

    /** The UDP port of the extension. */
    int port() {
        return port;
    }

    /** The function; it sends each event it gets as a datagram. Starts it with its sandbox. */
    ScriptedFunction function() {
        ScriptedFunction started = function;
        return started == null ? start(null) : started;
    }

    /** Starts a function that does this with each event instead. */
    ScriptedFunction start(ScriptedFunction.@Nullable Body body) {
        try {
            if (hasRuntime) {
                function = ScriptedFunction.beside(emulator, port);
            } else {
                function = body == null
                        ? ScriptedFunction.start(emulator, port)
                        : ScriptedFunction.start(emulator, port, body);
            }
            return function;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Sandbox sandbox() {
        return function().sandbox();
    }

    /** These happen once each, at the next calls of the route. */
    void script(Fault.Route route, Fault... once) {
        sandbox().script(route, once);
    }

    /** Runs the Init phase, which must succeed. */
    void init() {
        Sandbox.InitReport report = sandbox().init();
        assertThat(report.ok()).as("%s %s", report, sandbox().lines()).isTrue();
    }

    /** Has this text sent as a datagram, {@code {}} for none, and waits until everybody is done. */
    Invocation.Result invoke(String datagram) {
        return sandbox().invoke(datagram);
    }

    /** As {@link #invoke}, and it must succeed. */
    Invocation.Result succeeds(String datagram) {
        return Platform.succeeds(invoke(datagram));
    }

    /**
     * Invokes until the engine is up and connected: until the intake has had, when an invocation ended, all that was sent. The
     * first invocations of a sandbox do not wait for an engine that is still starting longer than the budget.
     */
    void warmUp() {
        long deadlineNs = System.nanoTime() + LONG.toNanos();
        String metric =
                "warm" + warmUps++; // two lives of a sandbox that begin in one second must not meet in one series
        int sent = 0;
        while (sent == 0 || count(metric) < sent) {
            assertThat(System.nanoTime())
                    .as("still not warm; %s", sandbox().lines())
                    .isLessThan(deadlineNs);
            succeeds(metric + ":1|c");
            sent++;
        }
    }

    /** Sends a datagram now. */
    void send(String datagram) {
        try {
            function().send(datagram.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the extension has read what was sent to its socket. */
    void awaitRead() {
        function().awaitRead();
    }

    /** What the intake has of a counter. */
    double count(String metric, String... tags) {
        return intake.intake().countTotal(metric, tags);
    }

    /** Waits until the intake has that much of a counter, sent without tags. */
    void awaitCount(String metric, double total) {
        await().atMost(LONG).untilAsserted(() -> assertThat(count(metric)).isEqualTo(total));
    }

    /** Waits until something has happened so many times to the extension. */
    void awaitMark(Mark.Kind kind, int count) {
        assertThat(sandbox().await(kind, EXTENSION, count, LONG))
                .as("%d × %s in %s", count, kind, sandbox().marks())
                .isTrue();
    }

    /** The times, on the scale of {@link System#nanoTime()}, of all calls of the extension that end with this. */
    List<Long> calls(String pathEnd) {
        return sandbox().marks(Mark.Kind.CALL, EXTENSION).stream()
                .filter(mark -> mark.detail().endsWith(pathEnd))
                .map(Mark::atNs)
                .toList();
    }

    /** How often the extension asked for its next event. */
    int polls() {
        return calls("/event/next").size();
    }

    /** From exec to the end of the extension's process, for which it waits. */
    Duration life() {
        return Duration.ofNanos(exit().atNs() - first(Mark.Kind.EXEC).atNs());
    }

    /** The end of the extension's last process, for which it waits; its detail is the exit code. */
    Mark exit() {
        await().atMost(LONG).until(() -> sandbox().exitCode(EXTENSION).isPresent());
        awaitMark(Mark.Kind.EXIT, 1);
        return sandbox().marks(Mark.Kind.EXIT, EXTENSION).getLast();
    }

    /** The first mark of a kind about the extension. */
    Mark first(Mark.Kind kind) {
        Optional<Mark> mark = sandbox().marks(kind, EXTENSION).stream().findFirst();
        assertThat(mark).as("%s in %s", kind, sandbox().marks()).isPresent();
        return mark.orElseThrow();
    }

    /** Log lines that contain this. */
    List<String> lines(String part) {
        return Platform.matching(sandbox(), part);
    }

    /** Calls of the extension that the platform refused. */
    List<Violation> violations() {
        return sandbox().violations().stream()
                .filter(violation -> violation.who().equals(EXTENSION))
                .toList();
    }

    /** Spins the sandbox down and checks that it ended as it must: see {@link #endedWell}. */
    void shutdown() {
        sandbox().shutdown();
        endedWell();
    }

    /** Exit code 0, one poll at a time, no call that the platform had to refuse, and nothing asked after the end. */
    void endedWell() {
        assertThat(sandbox().exitCode(EXTENSION))
                .as("exit code; %s", sandbox().lines())
                .hasValue(0);
        assertThat(violations()).isEmpty();
        assertThat(sandbox().maxOutstandingNext(EXTENSION)).isLessThanOrEqualTo(1);
    }

    /** The JSON of the only ledger line. */
    String ledger() {
        return Platform.ledger(sandbox());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        close();
    }

    /** For a test that plays with more than one. */
    void close() {
        if (function != null) {
            function.close();
        }
        intake.close();
    }
}
