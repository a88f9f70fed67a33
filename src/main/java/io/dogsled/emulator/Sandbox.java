package io.dogsled.emulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One execution environment: its API, its processes, its record of what happened. Made by {@link Emulator#start}.
 *
 * <p>{@link #init}, the invocations and {@link #shutdown} run one at a time (Managed Instances: invocations in parallel); the
 * rest may be called from any thread at any time.
 */
public final class Sandbox implements AutoCloseable {
    private static final long SHUTDOWN_MS = 2000;

    private final Settings settings;
    private final Path folder;
    private final Journal journal;
    private final Stage stage;
    private final Faults faults = new Faults();
    private final ApiServer server;
    private final Processes processes;
    private final LifeCycle lifeCycle;

    /** True from the call of an invocation to its end, where only one is allowed. */
    private final AtomicBoolean reserved = new AtomicBoolean();

    /** One caller at a time works the life cycle. */
    private final ReentrantLock turn = new ReentrantLock();

    Sandbox(Settings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
        this.journal = new Journal(settings.onMark(), settings.onLine());
        this.stage = new Stage(settings, journal);
        boolean enabled = settings.layer().map(Executable::enabled).orElse(true);
        this.server = new ApiServer(settings.bindAddress(), new Router(stage, enabled), faults);
        this.processes = new Processes(stage, server.authority(), this::deleteFolder);
        this.lifeCycle = new LifeCycle(stage, processes);
    }

    /** {@code host:port}, the value of {@code AWS_LAMBDA_RUNTIME_API}. */
    public String runtimeApi() {
        return server.authority();
    }

    /** Runs the Init phase now instead of at the first invocation, and freezes afterwards. */
    public InitReport init() {
        turn.lock();
        try {
            return lifeCycle.init();
        } finally {
            turn.unlock();
        }
    }

    /**
     * SnapStart: wakes the snapshot that {@link #init} ended in; the first invocation does it when nobody has. Afterwards the
     * environment runs, as it does when an invocation is about to come.
     *
     * @throws IllegalStateException if there is no snapshot
     */
    public InitReport restore() {
        turn.lock();
        try {
            return lifeCycle.restore();
        } finally {
            turn.unlock();
        }
    }

    /** Steps the wall clock of this environment, see {@link Emulator#steppableClock}; negative is back. */
    public void stepClock(Duration by) {
        settings.clock().step(by);
    }

    /** The wall clock of this environment in milliseconds since the epoch. */
    public long nowMs() {
        return settings.clock().nowMs();
    }

    /** Sends a payload and waits until everybody is done with it. */
    public Invocation.Result invoke(String payload) {
        return invoke(Invocation.Request.of(payload)).result().join();
    }

    /**
     * Sends a payload and returns at once.
     *
     * @throws IllegalStateException if an invocation is under way and the mode does not allow two
     */
    public Invocation invoke(Invocation.Request request) {
        String arn = request.arn().isEmpty() ? settings.function().arn() : request.arn();
        Invocation invocation = new Invocation(request.withArn(arn));
        if (settings.mode() != Mode.MANAGED_INSTANCES && !reserved.compareAndSet(false, true)) {
            throw new IllegalStateException("AlreadyReserved: the sandbox is busy");
        }
        journal.mark(Mark.Kind.INVOKE, "platform", invocation.requestId());
        lifeCycle.onRuntimeDoneSent(invocation);
        Thread.ofVirtual().name("invoke").start(() -> {
            Invoker.Ending ending = run(invocation);
            reserved.set(false);
            invocation.finish(ending);
        });
        return invocation;
    }

    /** Spins the environment down as the platform does when it is no longer needed. */
    public void shutdown() {
        shutdown(settings.mode().reason(Mode.ShutdownCause.SPINDOWN), Duration.ofMillis(SHUTDOWN_MS));
    }

    /** The same with any reason and any time until the deadline. */
    public void shutdown(String reason, Duration total) {
        turn.lock();
        try {
            lifeCycle.shutdown(reason, total.toMillis());
        } finally {
            turn.unlock();
        }
    }

    /** These faults happen once each, in this order, at the next calls of the route. */
    public void script(Fault.Route route, Fault... faultsOnce) {
        faults.script(route, Arrays.asList(faultsOnce));
    }

    /** This fault happens at every call of the route that has no scripted one. */
    public void always(Fault.Route route, Fault fault) {
        faults.always(route, fault);
    }

    public void clearFaults() {
        faults.clear();
    }

    /** The platform disappears: connections are dropped, new ones refused. */
    public void dropApi() {
        server.drop();
    }

    /** And comes back, on the same port. */
    public void reopenApi() {
        server.open();
    }

    /** Delays every telemetry batch. */
    public void delayTelemetry(Duration delay) {
        stage.telemetry().delay(delay);
    }

    /** Sends every event at once from now on, for runs of many invocations: the platform collects for 25 ms at least. */
    public void hurryTelemetry() {
        stage.telemetry().hurry();
    }

    /** Rewrites every telemetry batch, a list of events as JSON: drop, repeat, reorder; an empty list is not sent. */
    public void rewriteTelemetry(UnaryOperator<List<String>> rewrite) {
        stage.telemetry().rewrite(rewrite);
    }

    /** Posts a body as it is to every telemetry listener; returns their statuses, 0 for none. */
    public List<Integer> postTelemetry(String body) {
        return stage.telemetry().post(body);
    }

    /** Everything that happened so far, in order. */
    public List<Mark> marks() {
        return journal.marks();
    }

    /** The marks of one kind about one participant. */
    public List<Mark> marks(Mark.Kind kind, String who) {
        return journal.marks().stream()
                .filter(mark -> mark.kind() == kind && mark.who().equals(who))
                .toList();
    }

    /** Waits until something has happened so many times; false if it did not within the limit. */
    public boolean await(Mark.Kind kind, String who, int count, Duration limit) {
        return journal.awaitMarks(kind, who, count, System.nanoTime() + limit.toNanos());
    }

    public List<Violation> violations() {
        return journal.violations();
    }

    public List<LogLine> lines() {
        return journal.lines();
    }

    /** Most requests for next that an extension had in the air at one time; more than one is a mistake. */
    public int maxOutstandingNext(String extension) {
        return stage.maxOutstanding(extension);
    }

    /** Pid and process group of an extension or of {@code runtime}, empty when it was not started. */
    public Optional<Long> pid(String name) {
        return processes.group(name).map(ProcessGroup::pid);
    }

    /** Resident memory of an extension's or the runtime's whole process group in KB, 0 when there is none. */
    public long residentKb(String name) {
        return processes.group(name).map(ProcessGroup::residentKb).orElse(0L);
    }

    /** Exit code of the last process of that name, empty while it lives. */
    public OptionalInt exitCode(String name) {
        Predicate<ProcessGroup> alive = ProcessGroup::alive;
        return processes
                .group(name)
                .filter(alive.negate())
                .map(ended -> OptionalInt.of(ended.exitCode()))
                .orElse(OptionalInt.empty());
    }

    /** Stops or continues the groups by hand, for tests of what a freeze meets. */
    public void freeze() {
        processes.freeze();
    }

    public void thaw() {
        processes.thaw();
    }

    /** Kills what is left and closes the API; may run twice. */
    @Override
    public void close() {
        processes.close();
        stage.monitor().run(() -> stage.generation().end());
        stage.telemetry().reset();
        server.close();
    }

    /** Waits until a generation listens. */
    boolean awaitGeneration(Duration limit) {
        return stage.monitor().await(() -> !stage.generation().over(), System.nanoTime() + limit.toNanos());
    }

    /** A scripted extension ended. */
    void exited(String extension, int code) {
        journal.mark(Mark.Kind.EXIT, extension, Integer.toString(code));
        stage.monitor()
                .run(() -> stage.generation()
                        .byName(extension)
                        .ifPresent(agent -> Processes.agentExited(stage.generation(), agent, code)));
    }

    private Invoker.Ending run(Invocation invocation) {
        try {
            if (settings.mode() == Mode.MANAGED_INSTANCES) {
                init();
                return lifeCycle.invoke(invocation);
            }
            turn.lock();
            try {
                return lifeCycle.invoke(invocation);
            } finally {
                turn.unlock();
            }
        } catch (RuntimeException e) {
            // without this, a defect of the emulator would be a caller that waits for ever
            return new Invoker.Ending(Invocation.Outcome.CRASH, "Emulator.Error", e.toString(), System.nanoTime());
        }
    }

    private void deleteFolder() {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(folder)) {
            for (Path entry : entries.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            journal.platformLine("cannot delete " + folder + ": " + e.getMessage());
        }
    }

    /**
     * How an init went.
     *
     * @param phase {@code init}, {@code invoke} or {@code restore}
     * @param status {@code success}, {@code error} or {@code timeout}
     * @param errorType for example {@code Extension.Crash}; empty after success
     */
    public record InitReport(String phase, String status, String errorType, String message, Duration duration) {
        public boolean ok() {
            return status.equals("success");
        }
    }
}
