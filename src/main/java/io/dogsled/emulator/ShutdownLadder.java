package io.dogsled.emulator;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The end of a generation: runtime SIGTERM → its share of the time → SIGKILL, then SHUTDOWN to the extensions with the absolute
 * deadline, then SIGKILL for the group of each that is still there (AWS: lambda-runtime-environment, shutdown phase;
 * aws/aws-lambda-runtime-interface-emulator, rapid/shutdown.go).
 *
 * <p>No SIGTERM ever reaches an extension. One that did not subscribe to SHUTDOWN, or never registered, is killed at once. With
 * internal extensions only the runtime gets 500 ms, without any extension nothing.
 */
final class ShutdownLadder {
    private static final long INTERNAL_ONLY_MS = 500;

    private final Stage stage;
    private final Processes processes;

    ShutdownLadder(Stage stage, Processes processes) {
        this.stage = stage;
        this.processes = processes;
    }

    /** Climbs it to the end: when it returns, the generation has no process and no open poll. */
    void run(Generation generation, String reason, long totalMs) {
        long startNs = System.nanoTime();
        long startMs = stage.settings().clock().nowMs();
        stage.journal().mark(Mark.Kind.SHUTDOWN, "platform", reason);
        stage.monitor().run(generation::beginShutdown);
        List<Agent> agents = stage.monitor().call(generation::agents);
        endRuntime(agents, startNs);
        offerShutdown(agents, shutdownEvent(reason, startMs + totalMs));
        awaitExits(agents, startNs + TimeUnit.MILLISECONDS.toNanos(totalMs));
        stage.monitor().run(generation::end);
        stage.telemetry().reset();
    }

    private void endRuntime(List<Agent> agents, long startNs) {
        boolean external = agents.stream().anyMatch(Agent::external);
        long shareMs = external
                ? stage.settings().mode().runtimeShutdownShare().toMillis()
                : agents.isEmpty() ? 0 : INTERNAL_ONLY_MS;
        if (shareMs > 0) {
            processes.signal(Processes.RUNTIME, "TERM");
            long deadlineNs = startNs + TimeUnit.MILLISECONDS.toNanos(shareMs);
            processes.group(Processes.RUNTIME).ifPresent(runtime -> awaitQuietly(runtime, deadlineNs));
        }
        processes.kill(Processes.RUNTIME);
        processes.group(Processes.RUNTIME).ifPresent(runtime -> awaitQuietly(runtime, Monitor.never()));
    }

    private void offerShutdown(List<Agent> agents, ApiReply event) {
        for (Agent agent : agents) {
            AgentState state = stage.monitor().call(agent::state);
            if (!agent.external() || state.gone()) {
                continue;
            }
            if (agent.subscribed(Agent.Event.SHUTDOWN)) {
                stage.monitor().run(() -> agent.offer(event));
                stage.journal().mark(Mark.Kind.EVENT, agent.name(), "SHUTDOWN");
            } else {
                processes.kill(agent.name());
            }
        }
    }

    private void awaitExits(List<Agent> agents, long deadlineNs) {
        boolean all = stage.monitor()
                .await(
                        () -> agents.stream()
                                .filter(this::mayStillExit)
                                .findAny()
                                .isEmpty(),
                        deadlineNs);
        for (Agent agent : agents) {
            if (!all && stage.monitor().call(() -> mayStillExit(agent))) {
                stage.monitor().run(() -> agent.move(AgentState.SHUTDOWN_FAILED));
            }
            processes.kill(agent.name());
            processes.group(agent.name()).ifPresent(group -> awaitQuietly(group, Monitor.never()));
        }
    }

    private boolean mayStillExit(Agent agent) {
        return agent.external() && !agent.state().gone() && agent.subscribed(Agent.Event.SHUTDOWN);
    }

    private ApiReply shutdownEvent(String reason, long deadlineMs) {
        String body = Json.object()
                .put("eventType", "SHUTDOWN")
                .put("shutdownReason", reason)
                .put("deadlineMs", deadlineMs)
                .toString();
        return stage.settings().mode() == Mode.RIE ? ApiReply.text(200, body) : ApiReply.json(200, body);
    }

    private static void awaitQuietly(ProcessGroup group, long deadlineNs) {
        boolean ignored = group.awaitExit(deadlineNs);
    }
}
