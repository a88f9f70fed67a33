package io.dogsled.emulator;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * One event on its way through a sandbox. {@link #response()} is what the caller of the function waits for, {@link #result()} the
 * end of everything that belongs to the invocation, extensions included. The mutable part is guarded by the sandbox's lock.
 */
public final class Invocation {
    private final Request request;
    private final String requestId = UUID.randomUUID().toString();
    private final CompletableFuture<String> response = new CompletableFuture<>();
    private final CompletableFuture<Result> result = new CompletableFuture<>();
    private boolean coldStart;
    private long startedNs;
    private long startedMs;
    private long deadlineMs;
    private String body = "";
    private String errorType = "";
    private long respondedNs;
    private long runtimeDoneNs;
    private volatile long runtimeDoneSentNs;

    Invocation(Request request) {
        this.request = request;
    }

    public String requestId() {
        return requestId;
    }

    /**
     * The payload that the caller gets: in production as soon as the runtime delivered it, under AWS's emulator when the
     * extensions are done too; an error object if the function or the environment failed.
     */
    public CompletableFuture<String> response() {
        return response;
    }

    /** Completes, never exceptionally, when runtime and extensions are back in next or the environment was reset. */
    public CompletableFuture<Result> result() {
        return result;
    }

    Request request() {
        return request;
    }

    void start(long nowNs, long nowMs, long leftMs, boolean cold) {
        startedNs = nowNs;
        startedMs = nowMs;
        deadlineMs = nowMs + leftMs;
        coldStart = cold;
    }

    long startedNs() {
        return startedNs;
    }

    /** By the platform's clock. */
    long startedMs() {
        return startedMs;
    }

    long deadlineMs() {
        return deadlineMs;
    }

    boolean coldStart() {
        return coldStart;
    }

    void responded(String text, String type, long nowNs) {
        body = text;
        errorType = type;
        respondedNs = nowNs;
    }

    boolean hasResponse() {
        return respondedNs != 0;
    }

    int producedBytes() {
        return body.length();
    }

    /** Lets the caller have what the runtime delivered. */
    void releaseResponse() {
        response.complete(body);
    }

    void runtimeDone(long nowNs) {
        runtimeDoneNs = nowNs;
    }

    boolean isRuntimeDone() {
        return runtimeDoneNs != 0;
    }

    long respondedNs() {
        return respondedNs;
    }

    long runtimeDoneNs() {
        return runtimeDoneNs;
    }

    /** The batch with this invocation's {@code platform.runtimeDone} was written to a listener. */
    void runtimeDoneSent(long nowNs) {
        runtimeDoneSentNs = nowNs;
    }

    Outcome functionOutcome() {
        return errorType.isEmpty() ? Outcome.SUCCESS : Outcome.FUNCTION_ERROR;
    }

    /**
     * Ends it; an error of the platform takes the place of the body, but a response that the caller has stays. A response
     * that the runtime delivers at this very moment changes nothing any more.
     */
    void finish(Invoker.Ending ending) {
        boolean platformAnswers = !ending.errorType().isEmpty();
        String told = platformAnswers ? platformError(ending) : body;
        Times times = new Times(startedNs, respondedNs, runtimeDoneNs, runtimeDoneSentNs, ending.atNs());
        String type = platformAnswers ? ending.errorType() : errorType;
        result.complete(new Result(requestId, ending.outcome(), told, type, coldStart, times));
        response.complete(told);
    }

    private static String platformError(Invoker.Ending ending) {
        return Json.object()
                .put("errorType", ending.errorType())
                .put("errorMessage", ending.message())
                .toString();
    }

    /** How it ended. */
    public enum Outcome {
        /** The function answered, and everybody was done before the deadline. */
        SUCCESS,
        /** The function reported an error; the environment lives on. */
        FUNCTION_ERROR,
        /** The function timeout passed, in the function or in an extension; the environment was reset. */
        TIMEOUT,
        /** The runtime or an extension exited; the environment was reset. */
        CRASH,
        /** The environment could not be initialised. */
        INIT_FAILED
    }

    /**
     * What to send.
     *
     * @param payload JSON for the function
     * @param traceId value of the X-Ray header, empty for none: then the event has no {@code tracing}
     * @param arn the invoked function ARN, empty for the function's own
     */
    public record Request(String payload, String traceId, String arn) {
        private static final String TRACE =
                "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1";

        /** A request as production makes it, with a trace. */
        public static Request of(String payload) {
            return new Request(payload, TRACE, "");
        }

        public Request withoutTrace() {
            return new Request(payload, "", arn);
        }

        public Request withArn(String invokedArn) {
            return new Request(payload, traceId, invokedArn);
        }
    }

    /**
     * The end of an invocation.
     *
     * @param body what the function, or the platform in its place, told
     * @param errorType empty unless something failed
     */
    public record Result(
            String requestId, Outcome outcome, String body, String errorType, boolean coldStart, Times times) {}

    /**
     * When things happened, on the scale of {@link System#nanoTime()}; 0 for what did not happen.
     *
     * @param startedNs the event was handed out
     * @param respondedNs the runtime delivered its response
     * @param runtimeDoneNs the runtime called next
     * @param runtimeDoneSentNs the telemetry batch with {@code platform.runtimeDone} was written
     * @param finishedNs the last extension called next, or the environment had been reset
     */
    public record Times(long startedNs, long respondedNs, long runtimeDoneNs, long runtimeDoneSentNs, long finishedNs) {

        /** From the event to the runtime's response. */
        public Duration function() {
            return between(startedNs, respondedNs);
        }

        /** From the runtime's next to the last extension's next: what the extensions cost. */
        public Duration afterRuntime() {
            return between(runtimeDoneNs, finishedNs);
        }

        /** From the telemetry that says the runtime is done to the last extension's next. */
        public Duration afterRuntimeDoneSent() {
            return between(runtimeDoneSentNs, finishedNs);
        }

        private static Duration between(long fromNs, long toNs) {
            return fromNs == 0 || toNs < fromNs ? Duration.ZERO : Duration.ofNanos(toNs - fromNs);
        }
    }
}
