package io.dogsled.emulator;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * One invocation from the event to the moment when everybody is back in next. Runs on the thread of whoever asked for it; the
 * generation is up, thawed and idle when it starts.
 *
 * <p>The events are offered to the extensions first and to the runtime next, like rapid does; the function timeout covers the
 * function and the extensions' work after it.
 */
final class Invoker {
    private final Stage stage;
    private final Processes processes;

    Invoker(Stage stage, Processes processes) {
        this.stage = stage;
        this.processes = processes;
    }

    /**
     * Delivers and waits.
     *
     * @param deadlineNs function timeout, on the scale of {@link System#nanoTime()}
     * @param coldStart what came before it, told in the report of a cold start
     * @return how it ended; after {@code TIMEOUT} and {@code CRASH} the generation has to be shut down
     */
    Ending run(Invocation invocation, long deadlineNs, Optional<ColdStart> coldStart) {
        Generation generation = stage.generation();
        Settings settings = stage.settings();
        long leftMs = Math.max(0, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime()));
        invocation.start(System.nanoTime(), settings.clock().nowMs(), leftMs, coldStart.isPresent());
        stage.journal()
                .platformLine("START RequestId: " + invocation.requestId() + " Version: "
                        + settings.function().version());
        stage.telemetry().publish(PlatformEvents.start(settings, invocation));
        offer(generation, invocation);

        boolean inTime = stage.monitor()
                .await(() -> invocation.isRuntimeDone() || generation.fatal().isPresent(), deadlineNs);
        Ending ending = ending(generation, invocation, inTime);
        if (settings.mode() != Mode.MANAGED_INSTANCES) {
            stage.telemetry().publish(PlatformEvents.runtimeDone(invocation, ending.status(), ending.errorType()));
        }
        stage.journal().mark(Mark.Kind.RUNTIME_DONE, Processes.RUNTIME, invocation.requestId());
        if (!ending.reset()) {
            inTime = stage.monitor()
                    .await(
                            () -> generation.invokeSubscribersReady()
                                    || generation.fatal().isPresent(),
                            deadlineNs);
            ending = ending(generation, invocation, inTime);
        }
        report(invocation, ending, coldStart);
        return ending;
    }

    private void offer(Generation generation, Invocation invocation) {
        List<Agent> agents = stage.monitor().call(generation::agents);
        for (Agent agent : agents) {
            if (agent.subscribed(Agent.Event.INVOKE)) {
                stage.journal().mark(Mark.Kind.EVENT, agent.name(), "INVOKE " + invocation.requestId());
                ApiReply event = invokeEvent(invocation);
                stage.monitor().run(() -> agent.offer(event));
            }
        }
        stage.monitor().run(() -> generation.runtime().offer(invocation));
    }

    private static ApiReply invokeEvent(Invocation invocation) {
        var event = Json.object()
                .put("eventType", "INVOKE")
                .put("deadlineMs", invocation.deadlineMs())
                .put("requestId", invocation.requestId())
                .put("invokedFunctionArn", invocation.request().arn());
        if (!invocation.request().traceId().isEmpty()) {
            event.putObject("tracing")
                    .put("type", "X-Amzn-Trace-Id")
                    .put("value", invocation.request().traceId());
        }
        return ApiReply.json(200, event.toString())
                .withHeader(ExtensionsApi.EVENT_IDENTIFIER, UUID.randomUUID().toString());
    }

    private Ending ending(Generation generation, Invocation invocation, boolean inTime) {
        return stage.monitor().call(() -> {
            Optional<Generation.Fatal> fatal = generation.fatal();
            if (fatal.isPresent()) {
                String message = "RequestId: " + invocation.requestId() + " Error: "
                        + fatal.get().message();
                return new Ending(Invocation.Outcome.CRASH, fatal.get().errorType(), message, System.nanoTime());
            }
            if (!inTime) {
                String seconds =
                        String.format("%.2f", stage.settings().timeout().toMillis() / 1e3);
                String message =
                        "RequestId: " + invocation.requestId() + " Error: Task timed out after " + seconds + " seconds";
                return new Ending(Invocation.Outcome.TIMEOUT, "Sandbox.Timedout", message, System.nanoTime());
            }
            return new Ending(invocation.functionOutcome(), "", "", generation.lastReadyNs(invocation.runtimeDoneNs()));
        });
    }

    private void report(Invocation invocation, Ending ending, Optional<ColdStart> coldStart) {
        PlatformEvents.Report report =
                new PlatformEvents.Report(ending.status(), ending.errorType(), processes.runtimePeakMb(), coldStart);
        stage.telemetry().publish(PlatformEvents.report(stage.settings(), invocation, report));
        stage.journal().platformLine("END RequestId: " + invocation.requestId());
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - invocation.startedNs());
        stage.journal()
                .platformLine("REPORT RequestId: " + invocation.requestId() + "\tDuration: " + tookMs + " ms"
                        + coldStart
                                .map(cold -> (cold.restored() ? "\tRestore Duration: " : "\tInit Duration: ")
                                        + cold.duration().toMillis() + " ms")
                                .orElse(""));
    }

    /** What the first invocation of an environment tells in its report: how long init, or the restore of it, took. */
    record ColdStart(boolean restored, Duration duration) {}

    /** How an invocation ended; type and message are empty unless the platform has to answer for the function. */
    record Ending(Invocation.Outcome outcome, String errorType, String message, long atNs) {
        boolean reset() {
            return outcome == Invocation.Outcome.TIMEOUT || outcome == Invocation.Outcome.CRASH;
        }

        /** As telemetry spells it. */
        String status() {
            return switch (outcome) {
                case SUCCESS -> "success";
                case FUNCTION_ERROR -> "error";
                case TIMEOUT -> "timeout";
                case CRASH, INIT_FAILED -> "failure";
            };
        }
    }
}
