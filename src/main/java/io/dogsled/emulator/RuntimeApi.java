package io.dogsled.emulator;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The Runtime API (aws/aws-lambda-runtime-interface-emulator, internal/lambda/rapi/handler/invocation*.go). */
final class RuntimeApi {
    private static final int MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;
    private static final String ERROR_TYPE = "Lambda-Runtime-Function-Error-Type";
    private static final String RUNTIME = "runtime";

    private final Stage stage;

    RuntimeApi(Stage stage) {
        this.stage = stage;
    }

    /** Blocks until there is an invocation; empty when the generation ended before. */
    Optional<ApiReply> next() {
        Generation generation = stage.monitor().call(stage::generation);
        RuntimeSlot slot = generation.runtime();
        boolean legal = stage.monitor().call(() -> !generation.over() && slot.next(System.nanoTime()));
        if (!legal) {
            return Optional.of(invalidTransition(slot));
        }
        stage.journal().mark(Mark.Kind.NEXT, RUNTIME, "");
        stage.monitor().await(() -> slot.hasOffer() || generation.over(), Monitor.never());
        Optional<Invocation> taken =
                stage.monitor().call(() -> slot.hasOffer() ? Optional.of(slot.take()) : Optional.empty());
        taken.ifPresent(
                invocation -> stage.journal().mark(Mark.Kind.EVENT, RUNTIME, "INVOKE " + invocation.requestId()));
        return taken.map(this::event);
    }

    /** SnapStart: blocks until the snapshot is woken; empty when the generation ended before. */
    Optional<ApiReply> restoreNext() {
        Generation generation = stage.monitor().call(stage::generation);
        RuntimeSlot slot = generation.runtime();
        boolean legal = stage.settings().mode() == Mode.SNAP_START
                && stage.monitor().call(() -> !generation.over() && slot.awaitRestore());
        if (!legal) {
            return Optional.of(invalidTransition(slot));
        }
        stage.monitor().await(() -> slot.state() != RuntimeState.RESTORE_READY || generation.over(), Monitor.never());
        boolean restored = stage.monitor().call(() -> slot.state() == RuntimeState.RESTORING);
        return restored ? Optional.of(ApiReply.empty(200)) : Optional.empty();
    }

    /** SnapStart: the runtime's hooks failed. */
    ApiReply restoreError(ApiRequest request) {
        String type = orElse(request.header(ERROR_TYPE), "Runtime.RestoreError");
        String body = new String(request.body(), StandardCharsets.UTF_8);
        return stage.monitor().call(() -> {
            RuntimeSlot slot = stage.generation().runtime();
            return slot.restoreError(type, body) ? ApiReply.accepted() : invalidTransition(slot);
        });
    }

    /** The function's response or its error, for the invocation with this id. */
    ApiReply respond(String requestId, ApiRequest request, boolean error) {
        byte[] body = request.body();
        if (body.length > MAX_RESPONSE_BYTES) {
            return ApiReply.error(
                    413, "RequestEntityTooLarge", "Exceeded maximum allowed payload size (6291556 bytes).");
        }
        String mode = request.header("Lambda-Runtime-Function-Response-Mode");
        if (!mode.isEmpty() && !mode.equals("streaming")) {
            return ApiReply.error(400, "InvalidFunctionResponseMode", "Invalid response mode: " + mode);
        }
        String errorType = error ? orElse(request.header(ERROR_TYPE), "Function.Unknown") : "";
        String text = new String(body, StandardCharsets.UTF_8);
        Optional<Invocation> invocation =
                stage.monitor().call(() -> stage.generation().runtime().running(requestId));
        Optional<ApiReply> refusal = stage.monitor().call(() -> take(requestId, text, errorType));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!stage.settings().mode().holdsResponse()) {
            invocation.ifPresent(Invocation::releaseResponse);
        }
        stage.journal().mark(Mark.Kind.RESPONSE, RUNTIME, requestId);
        return ApiReply.accepted();
    }

    /** The runtime cannot start; legal only before its first next. */
    ApiReply initError(ApiRequest request) {
        String type = orElse(request.header(ERROR_TYPE), "Runtime.Unknown");
        String body = new String(request.body(), StandardCharsets.UTF_8);
        return stage.monitor().call(() -> {
            RuntimeSlot slot = stage.generation().runtime();
            if (slot.state() != RuntimeState.STARTED) {
                return invalidTransition(slot);
            }
            slot.initError(type, body);
            return ApiReply.accepted();
        });
    }

    private Optional<ApiReply> take(String requestId, String body, String errorType) {
        RuntimeSlot slot = stage.generation().runtime();
        Optional<Invocation> invocation = slot.running(requestId);
        if (invocation.isEmpty()) {
            return Optional.of(
                    slot.answered(requestId)
                            ? invalidTransition(slot)
                            : ApiReply.error(400, "InvalidRequestID", "Invalid request ID"));
        }
        long nowNs = System.nanoTime();
        invocation.get().responded(body, errorType, nowNs);
        slot.responded(invocation.get(), nowNs);
        return Optional.empty();
    }

    private ApiReply event(Invocation invocation) {
        ApiReply reply = ApiReply.json(200, invocation.request().payload())
                .withHeader("Lambda-Runtime-Aws-Request-Id", invocation.requestId())
                .withHeader("Lambda-Runtime-Deadline-Ms", Long.toString(invocation.deadlineMs()))
                .withHeader(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        invocation.request().arn());
        String trace = invocation.request().traceId();
        return trace.isEmpty() ? reply : reply.withHeader("Lambda-Runtime-Trace-Id", trace);
    }

    private static ApiReply invalidTransition(RuntimeSlot slot) {
        return ApiReply.forbidden(
                "InvalidStateTransition", "Transition from " + slot.state().word() + " is not allowed");
    }

    private static String orElse(String text, String instead) {
        return text.isEmpty() ? instead : text;
    }
}
