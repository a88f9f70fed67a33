package io.dogsled.emulator;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The function's runtime as the Runtime API sees it. Guarded by the sandbox's {@link Monitor}.
 *
 * <p>On demand there is one invocation at a time and the state decides what is legal. Managed Instances poll in parallel: there
 * only the request id decides, and the state stays where the last call left it.
 */
final class RuntimeSlot {
    private final boolean parallel;
    private final Queue<Invocation> offered = new ArrayDeque<>();
    private final Map<String, Invocation> running = new HashMap<>();
    private RuntimeState state = RuntimeState.STARTED;
    private Optional<Invocation> finishing = Optional.empty();
    private boolean polled;
    private String initErrorType = "";
    private String initErrorBody = "";

    RuntimeSlot(boolean parallel) {
        this.parallel = parallel;
    }

    RuntimeState state() {
        return state;
    }

    /** True once the runtime asked for its first invocation, or said that a snapshot may be taken. */
    boolean initialised() {
        return polled || state == RuntimeState.RESTORE_READY;
    }

    /** {@code restore/next}: legal once, in place of the first poll; false if it may not. */
    boolean awaitRestore() {
        if (state != RuntimeState.STARTED) {
            return false;
        }
        state = RuntimeState.RESTORE_READY;
        return true;
    }

    /** The snapshot was woken: a runtime that waits for that goes on. */
    void restore() {
        if (state == RuntimeState.RESTORE_READY) {
            state = RuntimeState.RESTORING;
        }
    }

    /** Its hooks failed; legal while they run. */
    boolean restoreError(String type, String body) {
        if (state != RuntimeState.RESTORING) {
            return false;
        }
        state = RuntimeState.RESTORE_ERROR;
        initErrorType = type;
        initErrorBody = body;
        return true;
    }

    /** True once the runtime asked for its first invocation. */
    boolean polled() {
        return polled;
    }

    boolean waiting() {
        return state == RuntimeState.READY;
    }

    /** The runtime asks for work; false if it may not. The invocation that it had answered is now done. */
    boolean next(long nowNs) {
        if (!parallel && !state.allowsNext()) {
            return false;
        }
        polled = true;
        state = RuntimeState.READY;
        finishing.ifPresent(invocation -> invocation.runtimeDone(nowNs));
        finishing = Optional.empty();
        return true;
    }

    void offer(Invocation invocation) {
        offered.add(invocation);
    }

    boolean hasOffer() {
        return !offered.isEmpty();
    }

    /** Takes the invocation for a waiting poll; null never, so ask {@link #hasOffer} first. */
    Invocation take() {
        Invocation invocation = offered.remove();
        running.put(invocation.requestId(), invocation);
        state = RuntimeState.RUNNING;
        return invocation;
    }

    Optional<Invocation> running(String requestId) {
        return Optional.ofNullable(running.get(requestId));
    }

    /** The one that was answered and waits for the runtime's next poll. */
    boolean answered(String requestId) {
        return finishing.filter(done -> done.requestId().equals(requestId)).isPresent();
    }

    /** The runtime answered; with parallel invocations the answer is also the end. */
    void responded(Invocation invocation, long nowNs) {
        running.remove(invocation.requestId());
        state = RuntimeState.RESPONDED;
        if (parallel) {
            invocation.runtimeDone(nowNs);
        } else {
            finishing = Optional.of(invocation);
        }
    }

    void initError(String type, String body) {
        state = RuntimeState.INIT_ERROR;
        initErrorType = type;
        initErrorBody = body;
    }

    String initErrorType() {
        return initErrorType;
    }

    String initErrorBody() {
        return initErrorBody;
    }
}
