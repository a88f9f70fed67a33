package io.dogsled.emulator;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What happens to an environment over its life: init, invocations with freeze and thaw around them, reset after a failure with a
 * new init at the next invocation, shutdown. One caller at a time, but for invocations of Managed Instances.
 *
 * <pre>
 *          init ok                   invoke                    shutdown
 * COLD ───────────────► UP (frozen) ◄──────► UP (running) ────────────► COLD      (SnapStart: frozen in a snapshot, then restored)
 *   ▲ ▲ init failed  │                          │
 *   │ └──────────────┘                          │ timeout, crash
 *   └───────────────────────────────────────────┘ (extensions get SHUTDOWN; the next init is part of the next invocation)
 * </pre>
 */
final class LifeCycle {
    private static final long RESET_MS = 2000;

    private final Stage stage;
    private final Processes processes;
    private final Map<String, Invocation> byRequestId = new ConcurrentHashMap<>();
    private volatile boolean up;
    private boolean frozen;
    private boolean snapshot;
    private boolean initInsideInvoke;
    private Optional<Invoker.ColdStart> untoldStart = Optional.empty();

    LifeCycle(Stage stage, Processes processes) {
        this.stage = stage;
        this.processes = processes;
        this.initInsideInvoke = stage.settings().mode() == Mode.RIE;
        stage.telemetry().onRuntimeDoneSent((requestId, atNs) -> {
            Invocation invocation = byRequestId.remove(requestId);
            if (invocation != null) {
                invocation.runtimeDoneSent(atNs);
            }
        });
    }

    /** Has the telemetry thread tell this invocation when its {@code platform.runtimeDone} left. */
    void onRuntimeDoneSent(Invocation invocation) {
        byRequestId.put(invocation.requestId(), invocation);
    }

    /** Brings the environment up if it is not, with the limit of the Init phase. */
    Sandbox.InitReport init() {
        if (up) {
            return new Sandbox.InitReport("init", "success", "", "already up", Duration.ZERO);
        }
        Sandbox.InitReport report = bringUp("init", Init.limit(stage.settings()));
        if (report.ok()) {
            freeze();
        }
        return report;
    }

    /** SnapStart: wakes the snapshot; a failure ends this life of the environment. */
    Sandbox.InitReport restore() {
        if (!up || !snapshot) {
            throw new IllegalStateException("there is no snapshot to restore");
        }
        snapshot = false;
        thaw();
        Sandbox.InitReport report = new Restore(stage).run();
        if (report.ok()) {
            untoldStart = Optional.of(new Invoker.ColdStart(true, report.duration()));
        } else {
            reset(Invocation.Outcome.INIT_FAILED);
        }
        return report;
    }

    /** Runs an invocation to its end, a reset included; the caller completes it with what this returns. */
    Invoker.Ending invoke(Invocation invocation) {
        Duration left = stage.settings().timeout();
        if (!up) {
            Sandbox.InitReport report = initForInvoke();
            if (!report.ok()) {
                return initFailed(invocation, report);
            }
            // an init inside the invocation is part of its time
            left = report.phase().equals("invoke") ? left.minus(report.duration()) : left;
        }
        if (snapshot) {
            Sandbox.InitReport report = restore();
            if (!report.ok()) {
                return initFailed(invocation, report);
            }
        }
        thaw();
        long deadlineNs = System.nanoTime() + left.toNanos();
        Invoker.Ending ending = new Invoker(stage, processes).run(invocation, deadlineNs, takeColdStart());
        if (resets(ending)) {
            reset(ending.outcome());
        } else {
            freeze();
        }
        stage.journal().mark(Mark.Kind.INVOKE_DONE, "platform", invocation.requestId() + " " + ending.outcome());
        return ending;
    }

    /** Managed Instances let a late function be: others run beside it. */
    private boolean resets(Invoker.Ending ending) {
        boolean late = ending.outcome() == Invocation.Outcome.TIMEOUT;
        return ending.reset() && !(late && stage.settings().mode() == Mode.MANAGED_INSTANCES);
    }

    private static Invoker.Ending initFailed(Invocation invocation, Sandbox.InitReport report) {
        boolean timeout = report.status().equals("timeout");
        return new Invoker.Ending(
                timeout ? Invocation.Outcome.TIMEOUT : Invocation.Outcome.INIT_FAILED,
                report.errorType(),
                "RequestId: " + invocation.requestId() + " Error: " + report.message(),
                System.nanoTime());
    }

    void shutdown(String reason, long totalMs) {
        if (up) {
            thaw();
            endGeneration(reason, totalMs);
            initInsideInvoke = false;
        }
    }

    /** The first init has its own limit; after an overrun or a reset it is part of the invocation. */
    private Sandbox.InitReport initForInvoke() {
        if (!initInsideInvoke) {
            Sandbox.InitReport report = bringUp("init", Init.limit(stage.settings()));
            if (report.ok() || !report.status().equals("timeout")) {
                return report;
            }
        }
        return bringUp("invoke", stage.settings().timeout());
    }

    private Sandbox.InitReport bringUp(String phase, Duration limit) {
        Sandbox.InitReport report = new Init(stage, processes).run(phase, limit);
        up = true;
        frozen = false;
        if (report.ok()) {
            untoldStart = Optional.of(new Invoker.ColdStart(false, report.duration()));
            snapshot = stage.settings().mode() == Mode.SNAP_START;
            return report;
        }
        Mode.ShutdownCause cause =
                report.status().equals("timeout") ? Mode.ShutdownCause.TIMEOUT : Mode.ShutdownCause.FAILED_INIT;
        endGeneration(stage.settings().mode().reason(cause), RESET_MS);
        initInsideInvoke = true;
        return report;
    }

    /** Parallel invocations may fail together: the first one resets. */
    private synchronized void reset(Invocation.Outcome outcome) {
        if (!up) {
            return;
        }
        Mode.ShutdownCause cause =
                outcome == Invocation.Outcome.TIMEOUT ? Mode.ShutdownCause.TIMEOUT : Mode.ShutdownCause.FAILURE;
        endGeneration(stage.settings().mode().reason(cause), RESET_MS);
        initInsideInvoke = true;
    }

    private void endGeneration(String reason, long totalMs) {
        new ShutdownLadder(stage, processes).run(stage.generation(), reason, totalMs);
        up = false;
        snapshot = false;
    }

    private void freeze() {
        if (stage.settings().freeze()) {
            processes.freeze();
            frozen = true;
        }
    }

    private void thaw() {
        if (frozen) {
            processes.thaw();
            frozen = false;
        }
    }

    private synchronized Optional<Invoker.ColdStart> takeColdStart() {
        Optional<Invoker.ColdStart> start = untoldStart;
        untoldStart = Optional.empty();
        return start;
    }
}
