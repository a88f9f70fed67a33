package io.dogsled.it.kill;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.Platform;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One sandbox with the layer of one cell, and what is done to it. One thread. */
final class Trial implements AutoCloseable {
    static final Duration BUDGET = Duration.ofMillis(150);

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int WORK_MS = 20;
    private static final int STRUCK_WORK_MS = 200;
    private static final int AFTER = 3;
    private static final int MOST_WARM = 50;
    private static final Duration SLOW_INTAKE = Duration.ofMillis(600);

    private final Cell cell;
    private final KillLayer layer;
    private final TestServer intake = TestServer.newTestServer();
    private final Sandbox sandbox;
    private final List<Duration> afterRuntime = new ArrayList<>();

    Trial(Cell cell, KillLayer layer) throws IOException {
        this.cell = cell;
        this.layer = layer;
        this.sandbox = Emulator.newEmulator()
                .layer(layer.root())
                .javaFunction(Packaged.file("runtime-client"), Packaged.file("test-classes"), Probe.class.getName())
                .timeout(Duration.ofSeconds(5))
                .freeze(freezes(cell))
                .mode(startsWithTheEngine(cell) ? Mode.PROVISIONED_CONCURRENCY : Mode.PRODUCTION)
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(ScriptedFunction.freePort()))
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", String.valueOf(BUDGET.toMillis()))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .start();
    }

    /** A stopped process would go on with the thaw, and what strikes itself has to run to do so. */
    private static boolean freezes(Cell cell) {
        return cell.blow().isOfTheLayer() || cell.blow() == Blow.KILL;
    }

    /** A dumb engine reads nothing, so nothing may be sent before the socket is its own: only then does it stay there. */
    private static boolean startsWithTheEngine(Cell cell) {
        return cell.blow().leavesTheSocketAlone() && cell.state() != Cell.State.STARTING;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    TestServer intake() {
        return intake;
    }

    /** How many datagrams the function has sent. */
    int sent() {
        return afterRuntime.size();
    }

    /** From telemetry's word of the runtime's end to the extension's next, of every invocation so far. */
    List<Duration> afterRuntime() {
        return List.copyOf(afterRuntime);
    }

    /** Plays the cell, up to and with SHUTDOWN. */
    void play() throws IOException, InterruptedException {
        switch (cell.state()) {
            case STARTING -> strikeAtStart();
            case BETWEEN_EVENTS -> {
                begin();
                strike();
            }
            case MID_INVOCATION -> {
                begin();
                strikeWhileTheFunctionRuns();
            }
            case MID_FLUSH -> {
                begin();
                strikeWhileTheIntakeIsSlow();
            }
            case DURING_SHUTDOWN -> {
                begin();
                strikeAtShutdown();
                return;
            }
        }
        for (int i = 0; i < AFTER; i++) {
            send("after", WORK_MS);
        }
        invokeUntilItsStartIsGivenUp();
        sandbox.shutdown("spindown", shutdownTime());
    }

    /** The third silent wait is the last one, or the fourth: what it spent before it was struck may count as work once. */
    private void invokeUntilItsStartIsGivenUp() {
        if (cell.blow().end() == Blow.End.IS_REPLACED_WHEN_SILENT && cell.state() == Cell.State.STARTING) {
            invokeUntil(
                    () -> sandbox.lines().stream().anyMatch(line -> line.text().contains(Verdict.GOES_ON)));
            invokeUntil(() -> intake.intake().countTotal("after") == AFTER);
        }
    }

    /** Until the engine has delivered something, so that it is known to live; one that never delivers is told by its start. */
    private void begin() {
        send("before", WORK_MS);
        if (!cell.blow().leavesTheSocketAlone()) {
            invokeUntil(() -> intake.intake().countTotal("before") == 1);
        }
    }

    /** Or until it is plain that it will not be, which the verdict says better. */
    private void invokeUntil(BooleanSupplier condition) {
        for (int i = 0; i < MOST_WARM && !condition.getAsBoolean(); i++) {
            send("warm", WORK_MS);
        }
    }

    /** Where the engine will not leave by itself, and nothing comes after it, there is no use in two seconds of waiting. */
    private Duration shutdownTime() {
        boolean hangs =
                cell.blow().end() == Blow.End.IS_REPLACED_WHEN_SILENT && cell.state() == Cell.State.DURING_SHUTDOWN;
        return hangs ? Duration.ofMillis(700) : Duration.ofSeconds(2);
    }

    private void strikeAtStart() throws IOException, InterruptedException {
        if (cell.blow().isSignal()) {
            Thread init = Thread.ofVirtual().start(sandbox::init);
            await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(this::engineRuns);
            strike();
            init.join();
        } else {
            sandbox.init();
        }
    }

    private void strikeWhileTheFunctionRuns() throws IOException, InterruptedException {
        Invocation struck = sandbox.invoke(Invocation.Request.of(payload("struck", STRUCK_WORK_MS)));
        await().pollInterval(Duration.ofMillis(2)).atMost(LONG).until(() -> printed(Probe.SENT + "struck"));
        strike();
        judge(struck.result().join(), payload("struck", STRUCK_WORK_MS));
    }

    private void strikeWhileTheIntakeIsSlow() throws IOException, InterruptedException {
        Invocation struck = beginSlowFlush();
        strike();
        judge(struck.result().join(), payload("struck", WORK_MS));
        intake.latency(Duration.ZERO);
    }

    /** An invocation whose flush is in the air; for an engine without flush, whose end it has just been told. */
    private Invocation beginSlowFlush() {
        int before = intake.total();
        int told = sandbox.marks(Mark.Kind.TELEMETRY_SENT, EXTENSION).size();
        intake.latency(SLOW_INTAKE);
        Invocation struck = sandbox.invoke(Invocation.Request.of(payload("struck", WORK_MS)));
        await().pollInterval(Duration.ofMillis(1))
                .atMost(LONG)
                .until(() -> cell.blow().leavesTheSocketAlone() ? runtimeDoneSentSince(told) : intake.total() > before);
        return struck;
    }

    private boolean runtimeDoneSentSince(int told) {
        return sandbox.marks(Mark.Kind.TELEMETRY_SENT, EXTENSION).stream()
                .skip(told)
                .anyMatch(mark -> mark.detail().contains("platform.runtimeDone"));
    }

    /** While the last payload is on its way to an intake that takes longer than the sandbox has. */
    private void strikeAtShutdown() throws IOException, InterruptedException {
        Invocation struck = beginSlowFlush();
        judge(struck.result().join(), payload("struck", WORK_MS));
        Thread shutdown = Thread.ofVirtual().start(() -> sandbox.shutdown("spindown", shutdownTime()));
        await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(this::shutdownIsTold);
        strike();
        shutdown.join();
    }

    private boolean shutdownIsTold() {
        return sandbox.marks(Mark.Kind.EVENT, EXTENSION).stream()
                .anyMatch(mark -> mark.detail().equals("SHUTDOWN"));
    }

    private void strike() throws IOException, InterruptedException {
        Optional<ProcessHandle> engine = engine();
        if (!cell.blow().isSignal()) {
            Files.createFile(layer.trigger());
        } else if (engine.isPresent()) { // at SHUTDOWN it may have left already
            Platform.signal(cell.blow().toString(), engine.get());
        }
        boolean diesByItself = cell.blow().end() == Blow.End.IS_REPLACED && !freezes(cell);
        if (diesByItself && engine.isPresent()) {
            // until then it reads the socket, and what it reads is lost with it
            await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(() -> !engine().equals(engine));
        }
    }

    private Optional<ProcessHandle> engine() {
        return sandbox.pid(EXTENSION)
                .flatMap(ProcessHandle::of)
                .flatMap(launcher -> launcher.children().findFirst());
    }

    /** Until its exec the child borrows the launcher's memory, and the launcher waits: who stops it then stops both. */
    private boolean engineRuns() {
        return engine().flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("jre/bin/java"))
                .isPresent();
    }

    private boolean printed(String text) {
        return sandbox.lines().stream().map(LogLine::text).anyMatch(line -> line.contains(text));
    }

    private void send(String name, int workMs) {
        String payload = payload(name, workMs);
        judge(sandbox.invoke(payload), payload);
    }

    /** The function's own answer is unharmed; its time is judged later, because a busy machine may be to blame. */
    private void judge(Invocation.Result result, String payload) {
        assertThat(result.outcome()).as(result.errorType()).isEqualTo(Invocation.Outcome.SUCCESS);
        assertThat(result.body()).isEqualTo(payload);
        afterRuntime.add(result.times().afterRuntimeDoneSent());
    }

    private static String payload(String name, int workMs) {
        return "\"" + name + ":1|c;" + workMs + "\"";
    }

    @Override
    public void close() {
        sandbox.close();
        intake.close();
    }
}
