package io.dogsled.emulator;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The Init phase, in the order of aws/aws-lambda-runtime-interface-emulator, rapid/handlers.go:
 *
 * <pre>
 * exec every extension → all registered → exec the runtime → its first next → registration closed
 *                     → every registered extension's first next → subscription closed → done
 * </pre>
 *
 * Any exit, launch error or reported runtime error on the way ends it, and so does its time limit. Runs on the thread of whoever
 * asked for it.
 */
final class Init {
    private final Stage stage;
    private final Processes processes;

    Init(Stage stage, Processes processes) {
        this.stage = stage;
        this.processes = processes;
    }

    /**
     * Brings up a new generation.
     *
     * @param phase {@code init}, or {@code invoke} when it happens inside an invocation
     */
    Sandbox.InitReport run(String phase, Duration limit) {
        long startNs = System.nanoTime();
        long deadlineNs = startNs + limit.toNanos();
        Settings settings = stage.settings();
        List<Executable> executables = executables(settings);
        Generation generation = new Generation(names(settings, executables), settings.mode() == Mode.MANAGED_INSTANCES);
        stage.telemetry().resume();
        stage.begin(generation);
        stage.telemetry().publish(PlatformEvents.initStart(settings, phase));
        executables.forEach(executable -> processes.startExtension(executable, generation));

        Optional<Failure> failure = climb(generation, deadlineNs);
        Duration took = Duration.ofNanos(System.nanoTime() - startNs);
        Sandbox.InitReport report = failure.map(
                        f -> new Sandbox.InitReport(phase, f.status(), f.errorType(), f.message(), took))
                .orElseGet(() -> new Sandbox.InitReport(phase, "success", "", "", took));
        tell(generation, report);
        return report;
    }

    private Optional<Failure> climb(Generation generation, long deadlineNs) {
        Optional<Failure> failure = await(generation, generation::allExternalRegistered, deadlineNs);
        if (failure.isPresent()) {
            return failure;
        }
        processes.startRuntime(generation);
        RuntimeSlot runtime = generation.runtime();
        failure = await(
                generation, () -> runtime.initialised() || runtime.state() == RuntimeState.INIT_ERROR, deadlineNs);
        if (failure.isPresent()) {
            return failure;
        }
        if (runtime.state() == RuntimeState.INIT_ERROR) {
            return Optional.of(new Failure("error", runtime.initErrorType(), runtime.initErrorBody()));
        }
        stage.monitor().run(generation::closeRegistration);
        failure = await(generation, generation::allReady, deadlineNs);
        stage.monitor().run(generation::closeSubscription);
        return failure;
    }

    private Optional<Failure> await(Generation generation, BooleanSupplier reached, long deadlineNs) {
        boolean inTime = stage.monitor()
                .await(() -> reached.getAsBoolean() || generation.fatal().isPresent(), deadlineNs);
        Optional<Generation.Fatal> fatal = stage.monitor().call(generation::fatal);
        if (fatal.isPresent()) {
            return fatal.map(f -> new Failure("error", f.errorType(), f.message()));
        }
        return inTime ? Optional.empty() : Optional.of(new Failure("timeout", "Sandbox.Timedout", "init timed out"));
    }

    private void tell(Generation generation, Sandbox.InitReport report) {
        List<Agent> agents = stage.monitor().call(generation::agents);
        for (Agent agent : agents) {
            String error = agent.errorType().isEmpty() ? "" : "\tErrorType: " + agent.errorType();
            stage.journal()
                    .platformLine("EXTENSION\tName: " + agent.name() + "\tState: "
                            + agent.state().word() + "\tEvents: " + agent.events() + error);
            stage.telemetry().publish(PlatformEvents.extension(agent));
        }
        if (!report.ok()) {
            stage.journal()
                    .platformLine("INIT_REPORT Init Duration: "
                            + report.duration().toMillis() + " ms\tPhase: " + report.phase() + "\tStatus: "
                            + report.status() + "\tError Type: " + report.errorType());
        }
        stage.telemetry().publish(PlatformEvents.initRuntimeDone(stage.settings(), report));
        stage.telemetry().publish(PlatformEvents.initReport(stage.settings(), report));
        stage.journal().mark(Mark.Kind.INIT_DONE, "platform", report.status());
    }

    private static List<Executable> executables(Settings settings) {
        Optional<Path> layer = settings.layer().filter(Executable::enabled);
        return layer.map(Executable::in).orElseGet(List::of);
    }

    private static List<String> names(Settings settings, List<Executable> executables) {
        List<String> names = new ArrayList<>(settings.scriptedExtensions());
        executables.forEach(executable -> names.add(executable.name()));
        return names;
    }

    /** The limit on demand; the function timeout takes its place inside an invocation. */
    static Duration limit(Settings settings) {
        return switch (settings.mode()) {
            case PRODUCTION -> settings.initTimeout();
            case RIE -> settings.timeout();
            case PROVISIONED_CONCURRENCY, SNAP_START, MANAGED_INSTANCES ->
                Duration.ofSeconds(Math.max(130, settings.timeout().toSeconds()));
        };
    }

    private record Failure(String status, String errorType, String message) {}
}
