package io.dogsled.telemetry;

import io.dogsled.base.Clock;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import io.dogsled.metrics.SampleSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns what the platform says of invocations into {@code aws.lambda.enhanced.*} (flush-and-testserver.md §3.1; Agent:
 * pkg/serverless/metrics/enhanced_metrics.go; docs/decisions/014-enhanced-metrics.md). Main thread.
 *
 * <p><b>Once each.</b> Telemetry may be late, come again, in another order, or not at all. So everything is kept by request,
 * and each thing is said of a request once, whatever says it first: an error by {@code runtimeDone}, by {@code report} or by
 * SHUTDOWN. What needs two records, such as the time after the runtime, is said when the second one comes.
 *
 * <p><b>At its own time.</b> A value has the time of the record it comes from, not of its arrival: the report of an invocation
 * usually comes with the next one, which may be an hour later.
 *
 * <p><b>Two lives.</b> An engine that follows a dead one does not know what that one said. An invocation is counted by its
 * INVOKE, of which each engine hears only if it is to serve it; errors of a request that it did not see begin are counted by
 * a successor, but not by the first engine of a sandbox: then the life of the sandbox before a reset has counted them.
 */
public final class EnhancedMetrics {
    private static final String COLD = "cold_start:true";
    private static final String WARM = "cold_start:false";
    private static final String PROACTIVE = "cold_start:false,proactive_initialization:true";

    /** An init so long before the first invocation was not made for it (Agent: pkg/serverless/tags). */
    private static final long PROACTIVE_MS = 10_000;

    private static final int TELEMETRY_ACCEPTED = 200;
    private static final double MS = 0.001;

    private final Config.Function function;
    private final Instruments instruments;
    private final EnhancedLine line;
    private final EnhancedTags tags;
    private final Requests requests = new Requests();
    private final long createdMs;
    private boolean managed;
    private boolean telemetry;
    private boolean successor;
    private boolean anyRequest;
    private @Nullable Request invoked;

    /** @param sink gets the values, as samples of distributions with a timestamp */
    public EnhancedMetrics(Config config, SampleSink sink, Instruments instruments) {
        this.function = config.function();
        this.instruments = instruments;
        this.line = new EnhancedLine(sink, instruments);
        this.tags = new EnhancedTags(config);
        this.managed = function.managedInstances();
        this.createdMs = clock().nowMs();
    }

    /** Another engine ran in this sandbox. Before the first request. */
    public void succeedAnother() {
        successor = true;
    }

    /** What the registration's answer said; texts may be empty. */
    public void onRegistered(String functionName, String functionVersion, String accountId) {
        tags.registered(functionName, functionVersion, accountId);
    }

    /**
     * What is to be expected.
     *
     * @param telemetryStatus the answer to the subscription
     * @param invokeEvents false = no INVOKE will come, as on Managed Instances
     */
    public void onSubscribed(int telemetryStatus, boolean invokeEvents) {
        telemetry = telemetryStatus == TELEMETRY_ACCEPTED;
        managed = managed || !invokeEvents;
    }

    /** An invocation begins. */
    public void onInvoke(String requestId, String arn) {
        Request request = request(requestId, arn, true);
        request.begun = true;
        invoked = request;
        count(Request.INVOCATION, "invocations", request, clock().nowMs());
    }

    /** A record of the Telemetry API. Without a request id it speaks of no invocation. */
    public void onPlatformEvent(PlatformEvent event) {
        if (event.requestId().isEmpty()) {
            return;
        }
        switch (event.kind()) {
            case START -> onStart(event);
            case RUNTIME_DONE -> onRuntimeDone(event);
            case REPORT -> onReport(event);
            case LOGS_DROPPED, OTHER -> {}
        }
    }

    /** The sandbox ends; {@code reason} in any case of letters. An invocation that it interrupts has failed. */
    public void onShutdown(String reason) {
        Request last = invoked;
        if (last == null || last.has(Request.REPORT)) {
            return;
        }
        String word = reason.toLowerCase(Locale.ROOT);
        boolean interrupted = telemetry && !last.has(Request.RUNTIME_DONE);
        if (word.equals("timeout")) {
            fail(last, word, clock().nowMs());
        } else if (word.equals("failure") && interrupted) {
            fail(last, word, clock().nowMs());
        }
    }

    /** Whether there is a report that could still come; where no INVOKE says that there was a request, nobody knows. */
    public boolean awaitsReport() {
        return telemetry && (managed || (invoked != null && !invoked.has(Request.REPORT)));
    }

    private void onStart(PlatformEvent event) {
        Request request = request(event.requestId(), "", managed);
        request.startMs = EventTime.epochMs(event.time());
        if (managed) {
            request.begun = true;
            count(Request.INVOCATION, "invocations", request, timeOf(event));
        }
    }

    private void onRuntimeDone(PlatformEvent event) {
        Request request = request(event.requestId(), "", managed);
        if (!request.first(Request.RUNTIME_DONE)) {
            return;
        }
        long atMs = timeOf(event);
        request.runtimeMs = runtimeMs(request, event);
        send("runtime_duration", request, request.runtimeMs, atMs);
        send("response_latency", request, event.measures().get(Measure.RESPONSE_LATENCY), atMs);
        send("response_duration", request, event.measures().get(Measure.RESPONSE_DURATION), atMs);
        send("produced_bytes", request, event.measures().get(Measure.PRODUCED_BYTES), atMs);
        failIfSo(request, event, atMs);
        sendPostRuntime(request);
    }

    /** From one pair of event times; where there is no start, as the platform measured it. */
    private static double runtimeMs(Request request, PlatformEvent event) {
        long doneMs = EventTime.epochMs(event.time());
        boolean bothKnown = request.startMs != EventTime.UNKNOWN && doneMs != EventTime.UNKNOWN;
        return bothKnown ? doneMs - request.startMs : event.measures().get(Measure.DURATION);
    }

    private void onReport(PlatformEvent event) {
        Request request = request(event.requestId(), "", managed);
        if (!request.first(Request.REPORT)) {
            return;
        }
        long atMs = timeOf(event);
        Measures measures = event.measures();
        if (managed) {
            count(Request.INVOCATION, "invocations", request, atMs); // its start was lost
        }
        request.reportMs = atMs;
        request.durationMs = measures.get(Measure.DURATION);
        send("duration", request, request.durationMs * MS, atMs);
        send("billed_duration", request, measures.get(Measure.BILLED_DURATION) * MS, atMs);
        send("memorysize", request, measures.get(Measure.MEMORY_SIZE), atMs);
        send("max_memory_used", request, measures.get(Measure.MAX_MEMORY_USED), atMs);
        sendIfAny("init_duration", request, measures.get(Measure.INIT_DURATION) * MS, atMs);
        sendIfAny("snapstart_restore_duration", request, measures.get(Measure.RESTORE_DURATION) * MS, atMs);
        send("estimated_cost", request, Cost.dollars(measures), atMs);
        failIfSo(request, event, atMs);
        sendPostRuntime(request);
        requests.settle(request);
    }

    private void failIfSo(Request request, PlatformEvent event, long atMs) {
        boolean toldByOthers = !request.begun && !successor && !managed;
        if (toldByOthers) {
            return;
        }
        if (isOutOfMemory(event)) {
            count(Request.OUT_OF_MEMORY, "out_of_memory", request, atMs);
        }
        fail(request, event.status(), atMs);
    }

    private void fail(Request request, String status, long atMs) {
        if (status.equals("timeout")) {
            count(Request.TIMEOUT, "timeouts", request, atMs);
        }
        if (isFailure(status)) {
            count(Request.ERROR, "errors", request, atMs);
        }
    }

    private static boolean isFailure(String status) {
        return status.equals("error") || status.equals("failure") || status.equals("timeout");
    }

    /** As the runtime says, or because a failed invocation used all the memory there is. */
    private static boolean isOutOfMemory(PlatformEvent event) {
        double size = event.measures().get(Measure.MEMORY_SIZE);
        boolean full = size > 0 && event.measures().get(Measure.MAX_MEMORY_USED) >= size;
        return isFailure(event.status()) && (full || event.errorType().equals("Runtime.OutOfMemory"));
    }

    /** What Lambda waited for after the function: a number below 0 would be two clocks' difference, and is none. */
    private void sendPostRuntime(Request request) {
        boolean known = request.runtimeMs >= 0 && request.durationMs >= 0;
        if (known && request.first(Request.POST_RUNTIME)) {
            send("post_runtime_duration", request, request.durationMs - request.runtimeMs, request.reportMs);
        }
    }

    /** {@code ours}: an invocation of this life of the sandbox; others are told of after a reset, or to a successor. */
    private Request request(String id, String arn, boolean ours) {
        Request known = requests.find(id);
        if (known != null) {
            return known;
        }
        Request request = new Request(id, tags.of(arn, startTags(ours)));
        anyRequest |= ours;
        requests.add(request);
        return request;
    }

    /** The tags of the next request; empty if nobody knows whether it was the first. */
    private String startTags(boolean ours) {
        if (anyRequest) {
            return WARM;
        }
        if (successor || !ours) {
            return "";
        }
        String type = function.initializationType();
        boolean onDemand = type.isEmpty() || type.equals("on-demand");
        return onDemand && clock().nowMs() - createdMs <= PROACTIVE_MS ? COLD : PROACTIVE;
    }

    private void count(int what, String name, Request request, long atMs) {
        if (!request.first(what)) {
            return;
        }
        String type = function.initializationType();
        byte[] all = type.isEmpty() ? request.tags : with(request.tags, ",init_type:" + type);
        line.send(name, all, 1, atMs);
    }

    private static byte[] with(byte[] tags, String more) {
        byte[] moreBytes = more.getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(tags, tags.length + moreBytes.length);
        System.arraycopy(moreBytes, 0, all, tags.length, moreBytes.length);
        return all;
    }

    private void sendIfAny(String name, Request request, double value, long atMs) {
        if (value > 0) {
            send(name, request, value, atMs);
        }
    }

    private void send(String name, Request request, double value, long atMs) {
        line.send(name, request.tags, value, atMs);
    }

    private long timeOf(PlatformEvent event) {
        long atMs = EventTime.epochMs(event.time());
        return atMs == EventTime.UNKNOWN ? clock().nowMs() : atMs;
    }

    private Clock clock() {
        return instruments.clock();
    }
}
