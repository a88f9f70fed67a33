package io.dogsled.emulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Builds the records of the Telemetry API's {@code platform} events (AWS: telemetry-schema-reference). */
final class PlatformEvents {
    private PlatformEvents() {}

    static TelemetryEvent initStart(Settings settings, String phase) {
        ObjectNode content = init(settings, phase)
                .put("functionName", settings.function().name())
                .put("functionVersion", settings.function().version())
                .put("instanceMaxMemory", settings.function().memoryMb() * 1024L * 1024L);
        return TelemetryEvent.platform("initStart", "", content);
    }

    static TelemetryEvent initRuntimeDone(Settings settings, Sandbox.InitReport report) {
        ObjectNode content = init(settings, report.phase()).put("status", report.status());
        return TelemetryEvent.platform("initRuntimeDone", "", withError(content, report.errorType()));
    }

    static TelemetryEvent initReport(Settings settings, Sandbox.InitReport report) {
        ObjectNode content = init(settings, report.phase()).put("status", report.status());
        content.putObject("metrics").put("durationMs", millis(report.duration()));
        return TelemetryEvent.platform("initReport", "", withError(content, report.errorType()));
    }

    static TelemetryEvent extension(Agent agent) {
        ObjectNode content = Json.object()
                .put("name", agent.name())
                .put("state", agent.state().word());
        ArrayNode events = content.putArray("events");
        agent.events().stream().sorted().forEach(event -> events.add(event.name()));
        return TelemetryEvent.platform("extension", "", withError(content, agent.errorType()));
    }

    static TelemetryEvent subscription(String extension, Collection<String> types) {
        ObjectNode content = Json.object().put("name", extension).put("state", "Subscribed");
        ArrayNode list = content.putArray("types");
        types.forEach(list::add);
        return TelemetryEvent.platform("telemetrySubscription", "", content);
    }

    static TelemetryEvent start(Settings settings, Invocation invocation) {
        ObjectNode content = Json.object()
                .put("requestId", invocation.requestId())
                .put("version", settings.function().version());
        return TelemetryEvent.platform("start", invocation.requestId(), withTracing(content, invocation));
    }

    static TelemetryEvent runtimeDone(Invocation invocation, String status, String errorType) {
        ObjectNode content =
                Json.object().put("requestId", invocation.requestId()).put("status", status);
        long endNs = invocation.isRuntimeDone() ? invocation.runtimeDoneNs() : System.nanoTime();
        content.putObject("metrics")
                .put("durationMs", millis(Duration.ofNanos(endNs - invocation.startedNs())))
                .put("producedBytes", invocation.producedBytes());
        if (invocation.hasResponse()) {
            ArrayNode spans = responseSpans(content, invocation);
            Duration overhead = Duration.ofNanos(Math.max(0, endNs - invocation.respondedNs()));
            spans.add(span("runtimeOverhead", responded(invocation), overhead));
        }
        withError(withTracing(content, invocation), errorType);
        return TelemetryEvent.platform("runtimeDone", invocation.requestId(), content);
    }

    static TelemetryEvent report(Settings settings, Invocation invocation, Report report) {
        ObjectNode content =
                Json.object().put("requestId", invocation.requestId()).put("status", report.status());
        double durationMs = millis(Duration.ofNanos(System.nanoTime() - invocation.startedNs()));
        ObjectNode metrics = content.putObject("metrics").put("durationMs", durationMs);
        if (settings.mode() != Mode.MANAGED_INSTANCES) {
            metrics.put("billedDurationMs", (long) Math.ceil(durationMs))
                    .put("memorySizeMB", settings.function().memoryMb())
                    .put("maxMemoryUsedMB", report.maxMemoryMb());
            report.coldStart()
                    .ifPresent(cold -> metrics.put(
                            cold.restored() ? "restoreDurationMs" : "initDurationMs", millis(cold.duration())));
        } else if (invocation.hasResponse()) {
            ArrayNode ignored = responseSpans(content, invocation);
        }
        withError(withTracing(content, invocation), report.errorType());
        return TelemetryEvent.platform("report", invocation.requestId(), content);
    }

    static TelemetryEvent restoreStart(Settings settings) {
        ObjectNode content = Json.object()
                .put("functionName", settings.function().name())
                .put("functionVersion", settings.function().version())
                .put("instanceMaxMemory", settings.function().memoryMb() * 1024L * 1024L);
        return TelemetryEvent.platform("restoreStart", "", content);
    }

    static TelemetryEvent restoreRuntimeDone(Sandbox.InitReport report) {
        ObjectNode content = Json.object().put("status", report.status());
        return TelemetryEvent.platform("restoreRuntimeDone", "", withError(content, report.errorType()));
    }

    static TelemetryEvent restoreReport(Sandbox.InitReport report) {
        ObjectNode content = Json.object().put("status", report.status());
        content.putObject("metrics").put("durationMs", millis(report.duration()));
        return TelemetryEvent.platform("restoreReport", "", withError(content, report.errorType()));
    }

    private static ObjectNode init(Settings settings, String phase) {
        boolean snapshot = settings.mode() == Mode.SNAP_START && phase.equals("init");
        return Json.object()
                .put("initializationType", settings.mode().initializationType())
                .put("phase", snapshot ? "snap-start" : phase);
    }

    private static ArrayNode responseSpans(ObjectNode content, Invocation invocation) {
        Duration latency = Duration.ofNanos(invocation.respondedNs() - invocation.startedNs());
        ArrayNode spans = content.putArray("spans");
        spans.add(span("responseLatency", Instant.ofEpochMilli(invocation.startedMs()), latency));
        spans.add(span("responseDuration", responded(invocation), Duration.ZERO));
        return spans;
    }

    private static Instant responded(Invocation invocation) {
        return Instant.ofEpochMilli(invocation.startedMs())
                .plusNanos(invocation.respondedNs() - invocation.startedNs());
    }

    private static ObjectNode span(String name, Instant start, Duration duration) {
        return Json.object()
                .put("name", name)
                .put("start", TelemetryEvent.iso(start))
                .put("durationMs", millis(duration));
    }

    private static ObjectNode withTracing(ObjectNode content, Invocation invocation) {
        String trace = invocation.request().traceId();
        if (!trace.isEmpty()) {
            content.putObject("tracing").put("type", "X-Amzn-Trace-Id").put("value", trace);
        }
        return content;
    }

    private static ObjectNode withError(ObjectNode content, String errorType) {
        return errorType.isEmpty() ? content : content.put("errorType", errorType);
    }

    private static double millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    /** What a {@code platform.report} says beyond times. */
    record Report(String status, String errorType, long maxMemoryMb, Optional<Invoker.ColdStart> coldStart) {}
}
