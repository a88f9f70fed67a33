package io.dogsled.lambda;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The loop of the main thread: reads a frame, lets {@link Invocations} decide, reads the next. It is the top frame of that
 * thread: an exception in handling a frame is counted and written, the launcher is told <em>done</em> so that the function
 * does not wait for a mistake of ours, and the loop goes on.
 *
 * <p>The main thread owns everything. Others may call {@link #submitFlush} and {@link #submitStop}.
 */
public final class LambdaLoop {
    private static final long LAST_FLUSH_MS = 1_000;

    /**
     * What the loop needs to know and to use.
     *
     * @param managedInstances whether no invocation is ever seen, only their data
     * @param snapStart whether the first event comes to a copy of this process
     * @param signal the receiver's end of it says when data comes
     */
    public record Setup(
            long budgetMs, boolean managedInstances, boolean snapStart, DataSignal signal, Instruments instruments) {
        Clock clock() {
            return instruments.clock();
        }

        Counters counters() {
            return instruments.counters();
        }

        Log log() {
            return instruments.log();
        }
    }

    /** Why the loop ended. */
    public enum End {
        /** SHUTDOWN: the sandbox ends. */
        SHUTDOWN,

        /** The pipe ended: there is no launcher any more. */
        LAUNCHER_GONE,

        /** The pipe made no sense, or a thread that cannot be replaced has died: the launcher is to start a new engine. */
        FAILED
    }

    private final Setup setup;
    private final LauncherChannel channel;
    private final InvocationListener listener;
    private final Invocations invocations;
    private final Frame frame = new Frame();
    private @Nullable End end;

    private final Object handover = new Object();
    private @Nullable FlushRequest requested; // guarded by handover
    private boolean stopRequested; // guarded by handover

    public LambdaLoop(Setup setup, LauncherChannel channel, InvocationListener listener) {
        this.setup = setup;
        this.channel = channel;
        this.listener = listener;
        this.invocations = new Invocations(setup, channel, listener);
    }

    /** Runs until the sandbox ends, the launcher is gone, or this engine is of no use any more. */
    public End run() {
        while (end == null) {
            step();
        }
        return end;
    }

    /** {@code platform.runtimeDone} for a request. Main thread, from within {@link InvocationListener#onTelemetry}. */
    public void onRuntimeDone(String requestId, long receivedNs) {
        invocations.onRuntimeDone(requestId, receivedNs);
    }

    /**
     * Asks the main thread for a flush and waits for it. Any thread but the main one.
     *
     * @return false if it did not happen before the deadline
     */
    public boolean submitFlush(Deadline deadline) throws InterruptedException {
        FlushRequest request = new FlushRequest(deadline);
        synchronized (handover) {
            requested = request;
        }
        channel.wake(1);
        return request.await(setup.clock());
    }

    /** A thread that cannot be replaced has died: flush for the last time and end. Any thread. */
    public void submitStop() {
        synchronized (handover) {
            stopRequested = true;
        }
        channel.wake(1);
    }

    /** One frame; tests drive the loop with it. */
    void step() {
        try {
            if (!channel.read(frame)) {
                setup.log().warn("the launcher is gone; flushing for the last time");
                stop(End.LAUNCHER_GONE);
                return;
            }
        } catch (IOException nonsense) {
            setup.log().error("cannot understand the launcher (" + nonsense.getMessage() + "); this engine ends");
            stop(End.FAILED);
            return;
        }
        try {
            onFrame();
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            report(failure);
            invocations.recover();
        }
        if (invocations.state() == LifeCycle.SHUTTING_DOWN && end == null) {
            end = End.SHUTDOWN;
        }
    }

    @Nullable
    End end() {
        return end;
    }

    LifeCycle state() {
        return invocations.state();
    }

    private void onFrame() {
        switch (frame.type()) {
            case Frame.REGISTERED ->
                invocations.onRegistered(EventReader.registration(frame.payload(), 1, Math.max(0, frame.length() - 1)));
            case Frame.EVENT -> onEvent();
            case Frame.TELEMETRY -> {
                listener.onTelemetry(
                        frame.payload(), frame.bodyStart(), frame.length() - frame.bodyStart(), frame.u64());
                invocations.onTelemetryRead();
            }
            case Frame.RESTARTED -> {
                invocations.onRestarted();
                listener.onRestarted(frame.u64(), frame.bodyText());
            }
            case Frame.TICK -> onTick();
            default -> setup.counters().increment(Counter.FRAMES_UNKNOWN);
        }
    }

    private void onEvent() {
        LambdaEvent event = EventReader.event(frame.payload(), frame.bodyStart(), frame.length() - frame.bodyStart());
        switch (event.kind()) {
            case INVOKE -> invocations.onInvoke(event, frame.u64());
            case SHUTDOWN -> invocations.onShutdown(event);
            case UNKNOWN -> setup.log().warn("an event of an unknown type; passed over");
            case MALFORMED -> setup.log().warn("an event that is no JSON object; passed over");
        }
    }

    private void onTick() {
        FlushRequest request;
        boolean stop;
        synchronized (handover) {
            request = requested;
            requested = null;
            stop = stopRequested;
        }
        if (stop) {
            stop(End.FAILED);
            return;
        }
        if (request != null && !request.deadline().isOver(setup.clock().nowNs())) {
            try {
                invocations.onRequest(request.deadline());
            } finally {
                request.complete();
            }
        }
        invocations.onTick();
    }

    private void stop(End why) {
        end = why;
        try {
            invocations.onLast(LAST_FLUSH_MS);
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            report(failure);
        }
    }

    private void report(Throwable failure) {
        setup.counters().increment(Counter.INTERNAL_ERRORS);
        setup.log().error("an internal error, which Dogsled survives: " + failure + at(failure));
        if (setup.log().isDebug()) {
            for (StackTraceElement element : failure.getStackTrace()) {
                setup.log().debug("  at " + element);
            }
        }
    }

    private static String at(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return trace.length == 0 ? "" : " at " + trace[0];
    }
}
