package io.dogsled.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The process groups of one sandbox. Used by the life-cycle thread of the moment; a hook of the JVM kills what is left when the
 * emulator itself is ended, because groups of their own do not get the terminal's interrupt.
 */
final class Processes implements AutoCloseable {
    static final String RUNTIME = "runtime";

    private final Stage stage;
    private final String runtimeApi;
    private final Map<String, ProcessGroup> groups = new ConcurrentHashMap<>();
    private final Runnable afterKill;
    private final Thread hook = new Thread(this::killAll, "sandbox-kill");

    /** Registers the hook; {@code afterKill} runs once everything is dead, whoever killed it. */
    Processes(Stage stage, String runtimeApi, Runnable afterKill) {
        this.stage = stage;
        this.runtimeApi = runtimeApi;
        this.afterKill = afterKill;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Execs an extension; a file that cannot be executed is the fatal {@code Extension.LaunchError}. */
    void startExtension(Executable executable, Generation generation) {
        Optional<String> error = executable.launchError();
        if (error.isPresent()) {
            launchFailed(executable.name(), generation, error.get());
            return;
        }
        Settings settings = stage.settings();
        ProcessGroup.Plan plan = new ProcessGroup.Plan(
                executable.name(),
                executable.name(),
                List.of(executable.file().toString()),
                Path.of("/"),
                SandboxEnvironment.forExtension(settings, runtimeApi),
                settings.closedStdin());
        try {
            start(plan, generation);
        } catch (IOException e) {
            launchFailed(executable.name(), generation, String.valueOf(e.getMessage()));
        }
    }

    /** Starts the function's runtime, if the settings have one. */
    void startRuntime(Generation generation) {
        Settings settings = stage.settings();
        if (settings.runtimeCommand().isEmpty()) {
            return;
        }
        Map<String, String> environment = SandboxEnvironment.forRuntime(settings, runtimeApi);
        ProcessGroup.Plan plan = new ProcessGroup.Plan(
                RUNTIME, "function", settings.runtimeCommand(), settings.taskRoot(), environment, false);
        try {
            start(plan, generation);
        } catch (IOException e) {
            stage.monitor().run(() -> generation.fatal("Runtime.InvalidEntrypoint", String.valueOf(e.getMessage())));
        }
    }

    Optional<ProcessGroup> group(String name) {
        return Optional.ofNullable(groups.get(name));
    }

    /** SIGSTOP for every group: what the freeze of a micro VM is to those inside. */
    void freeze() {
        stage.telemetry().pause();
        Signals.send("STOP", living());
        stage.journal().mark(Mark.Kind.FREEZE, "platform", "");
    }

    void thaw() {
        Signals.send("CONT", living());
        stage.journal().mark(Mark.Kind.THAW, "platform", "");
        stage.telemetry().resume();
    }

    void signal(String name, String signal) {
        group(name).filter(ProcessGroup::alive).ifPresent(group -> {
            stage.journal().mark(Mark.Kind.SIGNAL, name, "SIG" + signal);
            Signals.send(signal, List.of(group.pid()));
        });
    }

    /** SIGKILL for the whole group, also for what its dead leader left behind. */
    void kill(String name) {
        group(name).ifPresent(group -> {
            if (group.alive()) {
                stage.journal().mark(Mark.Kind.SIGNAL, name, "SIGKILL");
            }
            Signals.send("KILL", List.of(group.pid()));
        });
    }

    /** Largest resident set of the runtime so far in MB, as a report tells it. */
    long runtimePeakMb() {
        Optional<ProcessGroup> runtime = group(RUNTIME);
        if (runtime.isEmpty()) {
            return 0;
        }
        try {
            for (String line :
                    Files.readAllLines(Path.of("/proc/" + runtime.get().pid() + "/status"))) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
        } catch (IOException e) {
            // it has just ended
        }
        return 0;
    }

    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending, and the hook is what called us
        }
    }

    private void start(ProcessGroup.Plan plan, Generation generation) throws IOException {
        ProcessGroup group = ProcessGroup.start(plan, stage.journal(), this::onLine);
        groups.put(plan.name(), group);
        group.onExit(code -> exited(plan.name(), generation, code));
    }

    private void exited(String name, Generation generation, int code) {
        stage.journal().mark(Mark.Kind.EXIT, name, Integer.toString(code));
        stage.monitor().run(() -> {
            if (name.equals(RUNTIME)) {
                generation.fatal("Runtime.ExitError", "Runtime exited with error: exit status " + code);
            } else {
                generation.byName(name).ifPresent(agent -> agentExited(generation, agent, code));
            }
        });
    }

    static void agentExited(Generation generation, Agent agent, int code) {
        String type = switch (agent.state()) {
            case INIT_ERROR -> "Extension.InitError";
            case EXIT_ERROR -> "Extension.ExitError";
            default -> "Extension.Crash";
        };
        boolean clean = generation.shuttingDown() && code == 0;
        agent.move(clean ? AgentState.EXITED : AgentState.SHUTDOWN_FAILED);
        generation.fatal(type, "exit status " + code);
    }

    private void launchFailed(String name, Generation generation, String message) {
        stage.monitor().run(() -> {
            generation.byName(name).ifPresent(agent -> agent.fail(AgentState.LAUNCH_ERROR, "Extension.LaunchError"));
            generation.fatal("Extension.LaunchError", message);
        });
    }

    private void onLine(LogLine line) {
        stage.journal().line(line);
        String category = line.source().equals("function") ? "function" : "extension";
        stage.telemetry().publish(TelemetryEvent.line(category, line.text()));
    }

    private List<Long> living() {
        return groups.values().stream()
                .filter(ProcessGroup::alive)
                .map(ProcessGroup::pid)
                .toList();
    }

    private void killAll() {
        Signals.send("KILL", living());
        afterKill.run();
    }
}
