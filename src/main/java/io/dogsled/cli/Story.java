package io.dogsled.cli;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A function's life with everything real but the cloud: cold start, invocations with freeze and thaw between them, shutdown,
 * then the reckoning. The main thread plays; the emulator's threads report marks and log lines to the screen.
 */
final class Story {
    private static final String DEAD_LETTER = "DOGSLED deadletter ";
    private static final int DEAD_LETTER_SHOWN = 100;

    private static final String API_KEY = "0123456789abcdef0123456789abcdef";

    private final StoryPlan plan;
    private final StoryScreen screen;
    private final StoryLog log;
    private final Reckoning reckoning;
    private final Set<String> polled = ConcurrentHashMap.newKeySet();
    private volatile boolean asked;
    private volatile boolean starting = true;

    Story(StoryPlan plan, StoryScreen screen, StoryLog log) {
        this.plan = plan;
        this.screen = screen;
        this.log = log;
        this.reckoning = new Reckoning(screen);
    }

    /** Plays it to the end and returns the exit code. */
    int play() throws IOException {
        Emulator.warmUp();
        TestServer.Options options = TestServer.Options.defaults().withLatency(plan.latency());
        try (TestServer server = TestServer.start(options)) {
            plan.fault().ifPresent(server::play);
            introduce(server);
            try (Sandbox sandbox = sandbox(server)) {
                run(sandbox, server);
            }
            Verdict verdict = reckoning.close(server);
            showTheWay();
            return verdict.exitCode();
        }
    }

    private void introduce(TestServer server) {
        screen.title("A function's life in a local Lambda");
        screen.text("layer     " + plan.layer());
        screen.text("function  " + plan.function().label());
        screen.text("mode      " + plan.mode().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        String latency =
                plan.latency().isZero() ? "" : ", latency " + plan.latency().toMillis() + " ms";
        String fault = plan.faultText().isEmpty() ? "" : ", fault " + plan.faultText();
        screen.text("intake    " + server.url() + latency + fault);
    }

    private Sandbox sandbox(TestServer server) {
        Emulator emulator = Emulator.newEmulator()
                .mode(plan.mode())
                .layer(plan.layer())
                .functionName("story")
                .timeout(plan.timeout())
                .variable("DD_API_KEY", API_KEY)
                .variable("DD_DD_URL", server.url())
                .onMark(this::onMark)
                .onLine(this::onLine);
        if (plan.function().command().isEmpty()) {
            emulator.javaFunction(
                    plan.function().client(),
                    plan.function().jar(),
                    plan.function().handler());
        } else {
            emulator.runtime(plan.function().command());
        }
        StoryPorts ports = StoryPorts.avoidingTaken(plan.environment());
        if (!ports.sentence().isEmpty()) {
            screen.warn(ports.sentence());
        }
        ports.variables().forEach(emulator::variable);
        plan.environment().forEach(emulator::variable);
        return emulator.start();
    }

    private void run(Sandbox sandbox, TestServer server) {
        screen.title("Cold start");
        long startS = Instant.now().getEpochSecond();
        Sandbox.InitReport init = sandbox.init();
        starting = false;
        if (!init.ok()) {
            screen.bad("init failed: " + init.errorType() + " " + init.message());
        }
        if (plan.mode() == Mode.SNAP_START) {
            restore(sandbox);
        }
        IntakeProgress progress = new IntakeProgress(server);
        invokeAll(sandbox, progress, startS);
        shutdown(sandbox, progress);
    }

    private void restore(Sandbox sandbox) {
        pause();
        screen.title("Restore of the snapshot");
        screen.zero(System.nanoTime());
        Sandbox.InitReport restored = sandbox.restore();
        if (!restored.ok()) {
            screen.bad("restore failed: " + restored.errorType() + " " + restored.message());
        }
    }

    private void invokeAll(Sandbox sandbox, IntakeProgress progress, long startS) {
        screen.title("Invocations");
        screen.faint("                         function  extension done after       arrived at the intake meanwhile,");
        screen.faint(" # event                 answered    runtime  runtimeDone     the last after the runtime's end");
        for (int i = 0; i < plan.invokes(); i++) {
            StoryPlan.NamedEvent event = plan.events().get(i % plan.events().size());
            // what the static initialiser sent may be received at any time since the start
            long fromS = i == 0 ? startS : Instant.now().getEpochSecond();
            Instant began = Instant.now();
            long beganNs = System.nanoTime();
            Invocation.Result result = sandbox.invoke(event.json());
            collect(result, fromS);
            InvocationRow row = new InvocationRow(result);
            screen.text(row.text(i + 1, event.name(), progress.next(row.runtimeEnd(began, beganNs))));
            if (result.outcome() != Invocation.Outcome.SUCCESS) {
                screen.bad("    " + result.outcome() + " " + result.errorType() + " " + result.body());
            }
            pause();
        }
    }

    private void shutdown(Sandbox sandbox, IntakeProgress progress) {
        screen.title("Shutdown");
        Instant began = Instant.now();
        screen.zero(System.nanoTime());
        sandbox.shutdown();
        screen.text("at the intake: " + progress.next(Optional.of(began)));
        sandbox.violations()
                .forEach(violation -> screen.bad("refused by the platform: " + violation.call() + " in state "
                        + violation.state() + ": " + violation.status() + " " + violation.errorType()));
        if (!sandbox.violations().isEmpty()) {
            reckoning.failed();
        }
    }

    private void collect(Invocation.Result result, long fromS) {
        reckoning.answered(result.body(), fromS, Instant.now().getEpochSecond());
        if (result.outcome() != Invocation.Outcome.SUCCESS) {
            reckoning.failed();
        }
    }

    private void showTheWay() {
        screen.title("Where to look next");
        screen.text("make testserver LATENCY=200ms   the intake alone, for your own function or for sam local");
        screen.text("make run FAULT=503 LATENCY=1s   what happens when the intake is slow or broken");
        screen.text("make sam                        the same layer and function in AWS's own emulator");
        screen.text("README.md                       attach the layer to a function; docs/ for how it works");
    }

    private void onMark(Mark mark) {
        String text = switch (mark.kind()) {
            case EXEC -> {
                if (!mark.who().equals("runtime")) {
                    screen.zero(mark.atNs());
                }
                yield mark.who() + ": started, pid " + mark.detail();
            }
            case REGISTERED -> mark.who() + ": registered for " + plain(mark.detail());
            case SUBSCRIBED -> mark.who() + ": telemetry of " + plain(mark.detail());
            case NEXT -> starting && polled.add(mark.who()) ? mark.who() + ": first /next" : "";
            case INIT_DONE -> {
                reckoning.coldStart();
                yield "init " + mark.detail();
            }
            case RESTORED -> "restore " + mark.detail();
            case SHUTDOWN -> "shutdown, reason " + mark.detail();
            case SIGNAL -> mark.who() + ": " + mark.detail() + why(mark);
            case EXIT -> mark.who() + ": exit code " + mark.detail();
            case EVENT -> mark.detail().equals("SHUTDOWN") ? mark.who() + ": SHUTDOWN delivered" : "";
            default -> "";
        };
        if (!text.isEmpty()) {
            screen.moment(mark, text);
        }
    }

    /** The Java runtime always needs its SIGKILL, which looks like a failure to who does not know. */
    private String why(Mark signal) {
        if (!signal.who().equals("runtime")) {
            return "";
        }
        boolean ladder = signal.detail().equals("SIGKILL") && asked;
        asked = signal.detail().equals("SIGTERM");
        return ladder
                ? ", as Lambda does after " + plan.mode().runtimeShutdownShare().toMillis() + " ms"
                : "";
    }

    private void onLine(LogLine line) {
        if (line.stream() != LogLine.Stream.PLATFORM) {
            log.line(line.text());
        }
        if (!reckoning.takes(line.text()) && line.stream() != LogLine.Stream.PLATFORM) {
            screen.line(line.source(), shown(line.text()));
        }
    }

    /** A dead letter is for {@code dogsled replay} and not for the eye. */
    private static String shown(String text) {
        return text.startsWith(DEAD_LETTER) && text.length() > DEAD_LETTER_SHOWN
                ? text.substring(0, DEAD_LETTER_SHOWN) + "… (" + text.length()
                        + " bytes; --log FILE keeps it whole for \"dogsled replay\")"
                : text;
    }

    private void pause() {
        try {
            Thread.sleep(plan.pause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A list as Java prints it, without its brackets. */
    private static String plain(String list) {
        return list.replace("[", "").replace("]", "");
    }
}
