package io.dogsled.emulator;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * SnapStart: an environment that was initialised once wakes up (AWS: lambda-runtime-environment, restore phase;
 * aws/aws-lambda-runtime-interface-emulator, rapid/handlers.go).
 *
 * <pre>
 * init … restore/next of the runtime, next of every extension ─► all stop: the snapshot
 * all go on ─► telemetry: the init events again, restoreStart ─► restore/next answers ─► hooks ─► the runtime's next
 * </pre>
 *
 * <p>Extensions are told nothing: they find themselves in the poll that they began before the snapshot, and the next thing they see
 * is an invocation. The production platform wakes many copies of one snapshot, which processes on one machine cannot show; here it
 * is woken once. A runtime that does not know {@code restore/next} has polled already and is ready at once.
 */
final class Restore {
    private static final long HOOKS_S = 10;

    private final Stage stage;

    Restore(Stage stage) {
        this.stage = stage;
    }

    /** From the moment when the processes go on until the runtime polls; the phase of the report is {@code restore}. */
    Sandbox.InitReport run() {
        long startNs = System.nanoTime();
        Generation generation = stage.generation();
        RuntimeSlot runtime = generation.runtime();
        stage.telemetry().replayInit();
        stage.telemetry().publish(PlatformEvents.restoreStart(stage.settings()));
        stage.monitor().run(runtime::restore);
        boolean inTime = stage.monitor()
                .await(
                        () -> runtime.polled()
                                || runtime.state() == RuntimeState.RESTORE_ERROR
                                || generation.fatal().isPresent(),
                        startNs + TimeUnit.SECONDS.toNanos(HOOKS_S));
        Duration took = Duration.ofNanos(System.nanoTime() - startNs);
        Sandbox.InitReport report = stage.monitor().call(() -> report(generation, inTime, took));
        stage.telemetry().publish(PlatformEvents.restoreRuntimeDone(report));
        stage.telemetry().publish(PlatformEvents.restoreReport(report));
        stage.journal().mark(Mark.Kind.RESTORED, "platform", report.status());
        return report;
    }

    private static Sandbox.InitReport report(Generation generation, boolean inTime, Duration took) {
        RuntimeSlot runtime = generation.runtime();
        Optional<Generation.Fatal> fatal = generation.fatal();
        if (fatal.isPresent()) {
            return new Sandbox.InitReport(
                    "restore", "error", fatal.get().errorType(), fatal.get().message(), took);
        }
        if (runtime.state() == RuntimeState.RESTORE_ERROR) {
            return new Sandbox.InitReport("restore", "error", runtime.initErrorType(), runtime.initErrorBody(), took);
        }
        return inTime
                ? new Sandbox.InitReport("restore", "success", "", "", took)
                : new Sandbox.InitReport("restore", "timeout", "Sandbox.Timedout", "restore timed out", took);
    }
}
