package io.dogsled.emulator;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the handler of a request and keeps what was refused.
 *
 * <pre>
 * POST /2020-01-01/extension/register              GET  /2018-06-01/runtime/invocation/next
 * GET  /2020-01-01/extension/event/next            POST /2018-06-01/runtime/invocation/{id}/response
 * POST /2020-01-01/extension/init/error            POST /2018-06-01/runtime/invocation/{id}/error
 * POST /2020-01-01/extension/exit/error            POST /2018-06-01/runtime/init/error
 * PUT  /2022-07-01/telemetry                       GET  /2018-06-01/ping
 * PUT  /2020-08-15/logs                            GET  /2018-06-01/runtime/restore/next
 *                                                  POST /2018-06-01/runtime/restore/error
 * </pre>
 *
 * A known path with another method is 405, any other path 404 (a trailing slash makes another path).
 */
final class Router {
    private static final String EXTENSION = "/2020-01-01/extension/";
    private static final String RUNTIME = "/2018-06-01/runtime/";
    private static final String INVOCATION = RUNTIME + "invocation/";

    private final Stage stage;
    private final boolean extensionsEnabled;
    private final ExtensionsApi extensions;
    private final TelemetryApi telemetry;
    private final RuntimeApi runtime;

    /** Without extensions all their routes answer 404 (the platform's magic file). */
    Router(Stage stage, boolean extensionsEnabled) {
        this.stage = stage;
        this.extensionsEnabled = extensionsEnabled;
        this.extensions = new ExtensionsApi(stage);
        this.telemetry = new TelemetryApi(stage);
        this.runtime = new RuntimeApi(stage);
    }

    /** The scriptable route of a request, whatever the method. */
    Optional<Fault.Route> route(ApiRequest request) {
        return Optional.ofNullable(
                switch (request.path()) {
                    case EXTENSION + "register" -> Fault.Route.REGISTER;
                    case EXTENSION + "event/next" -> Fault.Route.NEXT;
                    case EXTENSION + "init/error" -> Fault.Route.INIT_ERROR;
                    case EXTENSION + "exit/error" -> Fault.Route.EXIT_ERROR;
                    case "/2022-07-01/telemetry" -> Fault.Route.TELEMETRY;
                    case INVOCATION + "next" -> Fault.Route.RUNTIME_NEXT;
                    case RUNTIME + "init/error" -> Fault.Route.RUNTIME_ERROR;
                    default -> invocationRoute(request.path());
                });
    }

    /** Handles a request, however long that takes; empty if its generation ended before there was an answer. */
    Optional<ApiReply> answer(ApiRequest request) {
        long atNs = noteCall(request);
        Caller caller = caller(request);
        Optional<ApiReply> reply = handle(request);
        if (reply.isPresent() && reply.get().status() >= 400) {
            stage.journal().violation(violation(atNs, caller, request, reply.get()));
        }
        return reply;
    }

    /** Records that a request arrived, also when a fault takes the place of its handling. */
    long noteCall(ApiRequest request) {
        return stage.journal().mark(Mark.Kind.CALL, caller(request).name(), call(request));
    }

    private Optional<ApiReply> handle(ApiRequest request) {
        String path = request.path();
        boolean forExtensions = path.startsWith(EXTENSION) || path.endsWith("/telemetry") || path.endsWith("/logs");
        if (forExtensions && !extensionsEnabled) {
            return Optional.of(ApiReply.text(404, "404 page not found\n"));
        }
        return switch (path) {
            case EXTENSION + "register" -> Optional.of(allow(request, "POST", () -> extensions.register(request)));
            case EXTENSION + "event/next" ->
                "GET".equals(request.method()) ? extensions.next(request) : Optional.of(ApiReply.empty(405));
            case EXTENSION + "init/error" -> Optional.of(allow(request, "POST", () -> extensions.initError(request)));
            case EXTENSION + "exit/error" -> Optional.of(allow(request, "POST", () -> extensions.exitError(request)));
            case "/2022-07-01/telemetry" -> Optional.of(allow(request, "PUT", () -> telemetry.subscribe(request)));
            case "/2020-08-15/logs" -> Optional.of(allow(request, "PUT", telemetry::logs));
            case "/2018-06-01/ping" -> Optional.of(allow(request, "GET", () -> ApiReply.text(200, "pong")));
            case RUNTIME + "init/error" -> Optional.of(allow(request, "POST", () -> runtime.initError(request)));
            case RUNTIME + "restore/next" ->
                "GET".equals(request.method()) ? runtime.restoreNext() : Optional.of(ApiReply.empty(405));
            case RUNTIME + "restore/error" -> Optional.of(allow(request, "POST", () -> runtime.restoreError(request)));
            default -> invocation(request);
        };
    }

    private Optional<ApiReply> invocation(ApiRequest request) {
        String path = request.path();
        if (path.equals(INVOCATION + "next")) {
            return "GET".equals(request.method()) ? runtime.next() : Optional.of(ApiReply.empty(405));
        }
        Fault.Route route = invocationRoute(path);
        if (route == null) {
            return Optional.of(ApiReply.text(404, "404 page not found\n"));
        }
        String requestId = path.substring(INVOCATION.length(), path.lastIndexOf('/'));
        boolean error = route == Fault.Route.RUNTIME_ERROR;
        return Optional.of(allow(request, "POST", () -> runtime.respond(requestId, request, error)));
    }

    private static Fault.@Nullable Route invocationRoute(String path) {
        if (!path.startsWith(INVOCATION)) {
            return null;
        }
        if (path.endsWith("/response")) {
            return Fault.Route.RUNTIME_RESPONSE;
        }
        return path.endsWith("/error") ? Fault.Route.RUNTIME_ERROR : null;
    }

    private static ApiReply allow(ApiRequest request, String method, Supplier<ApiReply> handler) {
        return request.method().equals(method) ? handler.get() : ApiReply.empty(405);
    }

    private Caller caller(ApiRequest request) {
        if (request.path().startsWith(RUNTIME)) {
            return stage.monitor()
                    .call(() -> new Caller(
                            "runtime", stage.generation().runtime().state().word()));
        }
        return extensions.caller(request);
    }

    private static Violation violation(long atNs, Caller caller, ApiRequest request, ApiReply reply) {
        String message = Json.parseObject(reply.bodyBytes())
                .map(error -> error.path("errorMessage").asText())
                .orElse("");
        return new Violation(
                atNs, caller.name(), call(request), caller.state(), reply.status(), reply.errorType(), message);
    }

    private static String call(ApiRequest request) {
        return request.method() + " " + request.path();
    }

    /** Who called and in which state that was. */
    record Caller(String name, String state) {}
}
