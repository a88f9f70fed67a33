package io.dogsled.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** {@code PUT /2022-07-01/telemetry}: validates a subscription as the platform's JSON schema does. */
final class TelemetryApi {
    private static final Set<String> SCHEMAS = Set.of("2022-07-01", "2022-12-13", "2025-01-29");
    private static final String NEWEST = "2025-01-29";
    private static final Set<String> TYPES = Set.of("platform", "function", "extension");

    private final Stage stage;
    private final ExtensionsApi extensions;

    TelemetryApi(Stage stage) {
        this.stage = stage;
        this.extensions = new ExtensionsApi(stage);
    }

    ApiReply subscribe(ApiRequest request) {
        if (!stage.settings().mode().hasTelemetry()) {
            return ApiReply.error(202, "Telemetry.NotSupported", "Telemetry API is not supported");
        }
        Optional<ApiReply> refusal = extensions.refuseIdentifier(request);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!stage.monitor().call(() -> stage.generation().subscriptionOpen())) {
            return ApiReply.forbidden("Telemetry.SubscriptionClosed", "Telemetry API subscription is closed already");
        }
        Optional<JsonNode> body = Json.parseObject(request.body());
        if (body.isEmpty()) {
            return invalid("the body is not a JSON object");
        }
        try {
            return subscribe(extensions.caller(request).name(), spec(body.get()));
        } catch (IllegalArgumentException e) {
            return invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The predecessor, which this emulator does not deliver. */
    ApiReply logs() {
        return stage.settings().mode() == Mode.RIE
                ? ApiReply.error(202, "Logs.NotSupported", "Logs API is not supported")
                : ApiReply.error(400, "Logs.ValidationError", "the emulator offers the Telemetry API only");
    }

    private ApiReply subscribe(String extension, Subscription.Spec spec) {
        if (!stage.telemetry().subscribe(extension, spec)) {
            return invalid(extension + " has subscribed before");
        }
        stage.journal().mark(Mark.Kind.SUBSCRIBED, extension, spec.types().toString());
        stage.telemetry().publish(PlatformEvents.subscription(extension, spec.types()));
        return ApiReply.json(200, "\"OK\"");
    }

    private Subscription.Spec spec(JsonNode body) {
        String schema = body.path("schemaVersion").asText();
        boolean newestOnly = stage.settings().mode() == Mode.MANAGED_INSTANCES;
        require(newestOnly ? schema.equals(NEWEST) : SCHEMAS.contains(schema), "schemaVersion '" + schema + "'");
        Set<String> types = new LinkedHashSet<>();
        for (JsonNode type : body.path("types")) {
            require(TYPES.contains(type.asText()), "type '" + type.asText() + "'");
            types.add(type.asText());
        }
        require(!types.isEmpty(), "types is empty");
        JsonNode buffering = body.path("buffering");
        int maxItems = inRange(buffering, "maxItems", 10_000, new Range(1000, 10_000));
        int maxBytes = inRange(buffering, "maxBytes", 262_144, new Range(262_144, 1_048_576));
        int timeoutMs = inRange(buffering, "timeoutMs", 1000, new Range(25, 30_000));
        JsonNode destination = body.path("destination");
        if (destination.path("protocol").asText().equals("TCP")) {
            int port = destination.path("port").asInt();
            require(port > 0 && port < 65_536, "destination.port " + port);
            return new Subscription.Spec(types, "sandbox.localdomain", port, "", maxItems, maxBytes, timeoutMs);
        }
        require(destination.path("protocol").asText().equals("HTTP"), "destination.protocol");
        URI uri = URI.create(destination.path("URI").asText());
        require("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0, "destination.URI " + uri);
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return new Subscription.Spec(types, uri.getHost(), uri.getPort(), path, maxItems, maxBytes, timeoutMs);
    }

    private static int inRange(JsonNode buffering, String field, int otherwise, Range range) {
        JsonNode value = buffering.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        require(value.isInt() && value.asInt() >= range.least() && value.asInt() <= range.most(), field + " " + value);
        return value.asInt();
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    private static ApiReply invalid(String what) {
        return ApiReply.error(400, "ValidationError", "Validation failed: " + what);
    }

    private record Range(int least, int most) {}
}
