package io.dogsled.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The Extensions API with the answers and refusals of the platform (aws/aws-lambda-runtime-interface-emulator,
 * internal/lambda/rapi/handler/agent*.go).
 *
 * <p>A name that is not a file of the layer is taken as an internal extension, as the platform does: its registration may
 * succeed, and then the file's own slot stays empty and init hangs.
 */
final class ExtensionsApi {
    static final String EVENT_IDENTIFIER = "Lambda-Extension-Event-Identifier";

    private static final String IDENTIFIER = "Lambda-Extension-Identifier";
    private static final String NAME = "Lambda-Extension-Name";
    private static final String ERROR_TYPE = "Lambda-Extension-Function-Error-Type";
    private static final String INVALID_STATE = "Extension.InvalidExtensionState";

    private final Stage stage;

    ExtensionsApi(Stage stage) {
        this.stage = stage;
    }

    ApiReply register(ApiRequest request) {
        String name = request.header(NAME);
        if (name.isEmpty()) {
            return ApiReply.forbidden("Extension.InvalidExtensionName", "Empty extension name");
        }
        Optional<JsonNode> body = Json.parseObject(request.body());
        if (body.isEmpty() || !body.get().path("configurationKeys").isEmpty()) {
            return ApiReply.forbidden("InvalidRequestFormat", "The request body cannot be used");
        }
        Set<Agent.Event> events = EnumSet.noneOf(Agent.Event.class);
        for (JsonNode event : body.get().path("events")) {
            switch (event.asText()) {
                case "INVOKE" -> events.add(Agent.Event.INVOKE);
                case "SHUTDOWN" -> events.add(Agent.Event.SHUTDOWN);
                default -> {
                    return ApiReply.forbidden("Extension.InvalidEventType", event.asText() + ": InvalidEventType");
                }
            }
        }
        ApiReply reply = stage.monitor().call(() -> register(name, events));
        if (reply.status() != 200) {
            return reply;
        }
        stage.journal().mark(Mark.Kind.REGISTERED, name, events.toString());
        return wantsAccountId(request) ? withAccountId(reply) : reply;
    }

    private ApiReply register(String name, Set<Agent.Event> events) {
        Generation generation = stage.generation();
        Optional<Agent> known = generation.byName(name);
        boolean external = known.isPresent() && known.get().external();
        Optional<ApiReply> refusal = refuseEvents(events, external);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!generation.registrationOpen() || generation.over()) {
            return ApiReply.forbidden("Extension.RegistrationClosed", "Extension registration closed already");
        }
        if (known.isPresent() && known.get().state() != AgentState.STARTED) {
            return invalidState(known.get(), AgentState.REGISTERED);
        }
        if (known.isEmpty() && generation.full()) {
            return ApiReply.forbidden("Extension.TooManyExtensions", "Extension limit (10) reached");
        }
        Agent agent = known.orElseGet(() -> generation.addInternal(name));
        agent.register(events);
        return registered(agent);
    }

    private Optional<ApiReply> refuseEvents(Set<Agent.Event> events, boolean external) {
        if (stage.settings().mode() == Mode.MANAGED_INSTANCES && events.contains(Agent.Event.INVOKE)) {
            return Optional.of(ApiReply.forbidden("Extension.InvalidEventType", "INVOKE: InvalidEventType"));
        }
        if (!external && events.contains(Agent.Event.SHUTDOWN)) {
            return Optional.of(ApiReply.forbidden(
                    "Extension.InvalidEventType", "SHUTDOWN: ShutdownEventNotSupportedForInternalExtension"));
        }
        return Optional.empty();
    }

    private ApiReply registered(Agent agent) {
        Settings.Function function = stage.settings().function();
        boolean rie = stage.settings().mode() == Mode.RIE;
        String body = Json.object()
                .put("functionName", function.name())
                .put("functionVersion", function.version())
                .put("handler", rie ? "" : function.handler())
                .toString();
        return ApiReply.json(200, body).withHeader(IDENTIFIER, agent.id());
    }

    /** Blocks until there is an event; empty when the generation ended before. */
    Optional<ApiReply> next(ApiRequest request) {
        Optional<ApiReply> refusal = refuseIdentifier(request);
        if (refusal.isPresent()) {
            return refusal;
        }
        Generation generation = stage.monitor().call(stage::generation);
        Optional<Agent> found = stage.monitor().call(() -> generation.byId(request.header(IDENTIFIER)));
        return found.isEmpty() ? Optional.of(unknown()) : next(generation, found.get());
    }

    private Optional<ApiReply> next(Generation generation, Agent agent) {
        Optional<ApiReply> refusal = stage.monitor().call(() -> poll(agent));
        if (refusal.isPresent()) {
            return refusal;
        }
        stage.journal().mark(Mark.Kind.NEXT, agent.name(), "");
        stage.monitor().await(() -> agent.hasPending() || generation.over(), Monitor.never());
        return stage.monitor().call(() -> {
            agent.outstanding(-1);
            return generation.over() ? Optional.empty() : agent.take();
        });
    }

    private Optional<ApiReply> poll(Agent agent) {
        stage.sawOutstanding(agent.name(), agent.outstanding(1));
        if (agent.state().allowsNext()) {
            agent.ready(System.nanoTime());
            return Optional.empty();
        }
        agent.outstanding(-1);
        return Optional.of(invalidState(agent, AgentState.READY));
    }

    ApiReply initError(ApiRequest request) {
        return error(request, AgentState.INIT_ERROR, AgentState::allowsInitError);
    }

    ApiReply exitError(ApiRequest request) {
        return error(request, AgentState.EXIT_ERROR, AgentState::allowsExitError);
    }

    private ApiReply error(ApiRequest request, AgentState to, Function<AgentState, Boolean> allowed) {
        Optional<ApiReply> refusal = refuseIdentifier(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        String type = request.header(ERROR_TYPE);
        if (type.isEmpty()) {
            return ApiReply.forbidden("Extension.MissingHeader", ERROR_TYPE + " not found");
        }
        return stage.monitor().call(() -> {
            Optional<Agent> agent = stage.generation().byId(request.header(IDENTIFIER));
            if (agent.isEmpty()) {
                return unknown();
            }
            if (!allowed.apply(agent.get().state())) {
                return invalidState(agent.get(), to);
            }
            agent.get().fail(to, type);
            return ApiReply.accepted();
        });
    }

    /** The identifier middleware of the platform; empty if the header holds a UUID. */
    Optional<ApiReply> refuseIdentifier(ApiRequest request) {
        String id = request.header(IDENTIFIER);
        if (id.isEmpty()) {
            return Optional.of(
                    ApiReply.forbidden("Extension.MissingExtensionIdentifier", "Missing " + IDENTIFIER + " header"));
        }
        if (!isUuid(id)) {
            return Optional.of(ApiReply.forbidden("Extension.InvalidExtensionIdentifier", "Invalid " + IDENTIFIER));
        }
        return stage.monitor().call(() -> stage.generation().byId(id).isPresent())
                ? Optional.empty()
                : Optional.of(unknown());
    }

    /** Who a request comes from, by its identifier or by the name that it gives itself. */
    Router.Caller caller(ApiRequest request) {
        return stage.monitor().call(() -> {
            Generation generation = stage.generation();
            String name = request.header(NAME);
            Optional<Agent> agent = generation.byId(request.header(IDENTIFIER)).or(() -> generation.byName(name));
            return agent.map(known ->
                            new Router.Caller(known.name(), known.state().word()))
                    .orElseGet(() -> new Router.Caller(name.isEmpty() ? "unknown" : name, "-"));
        });
    }

    private static boolean isUuid(String id) {
        try {
            return UUID.fromString(id).toString().equalsIgnoreCase(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ApiReply unknown() {
        return ApiReply.forbidden("Extension.UnknownExtensionIdentifier", "Unknown extension identifier");
    }

    private static ApiReply invalidState(Agent agent, AgentState to) {
        return ApiReply.forbidden(
                INVALID_STATE,
                "State transition from " + agent.state().word() + " to " + to.word() + " failed for extension "
                        + agent.name() + ". Error: State transition is not allowed");
    }

    private boolean wantsAccountId(ApiRequest request) {
        boolean known = stage.settings().mode() != Mode.RIE
                && !stage.settings().function().accountId().isEmpty();
        for (String feature : request.header("Lambda-Extension-Accept-Feature").split(",", -1)) {
            if (known && feature.trim().equals("accountId")) {
                return true;
            }
        }
        return false;
    }

    private ApiReply withAccountId(ApiReply reply) {
        String accountId = stage.settings().function().accountId();
        return reply.withBody(body -> body.substring(0, body.length() - 1) + ",\"accountId\":\"" + accountId + "\"}");
    }
}
