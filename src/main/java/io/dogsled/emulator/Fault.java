package io.dogsled.emulator;

import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * One way in which an answer of the platform goes wrong or looks unusual. A fault of the first group replaces the platform's
 * work: the state machine does not see the call. One of the second group lets the call happen and bends only its answer.
 * Scripted with {@link Sandbox#script} (once each) and {@link Sandbox#always}.
 */
public final class Fault {
    private final Instead instead;
    private final Duration delay;
    private final UnaryOperator<ApiReply> rewrite;
    private final Wire wire;

    private Fault(Instead instead, Duration delay, UnaryOperator<ApiReply> rewrite, Wire wire) {
        this.instead = instead;
        this.delay = delay;
        this.rewrite = rewrite;
        this.wire = wire;
    }

    /** Instead of the call: an error answer; an empty {@code errorType} gives an empty body. */
    public static Fault status(int status, String errorType) {
        ApiReply reply = errorType.isEmpty()
                ? ApiReply.empty(status)
                : ApiReply.error(status, errorType, "scripted by the emulator");
        return new Fault(Instead.ANSWER, Duration.ZERO, ignored -> reply, Wire.PLAIN);
    }

    /** Instead of the call: the connection is reset. */
    public static Fault reset() {
        return new Fault(Instead.RESET, Duration.ZERO, UnaryOperator.identity(), Wire.PLAIN);
    }

    /** Instead of the call: no answer, ever. */
    public static Fault hang() {
        return new Fault(Instead.HANG, Duration.ZERO, UnaryOperator.identity(), Wire.PLAIN);
    }

    /** The call is handled after the delay. */
    public static Fault delayed(Duration delay) {
        return new Fault(Instead.NOTHING, delay, UnaryOperator.identity(), Wire.PLAIN);
    }

    /** The body is rewritten: extra fields, another order, malformed JSON, an unknown event type. */
    public static Fault body(UnaryOperator<String> rewrite) {
        return new Fault(Instead.NOTHING, Duration.ZERO, reply -> reply.withBody(rewrite), Wire.PLAIN);
    }

    /** A header is missing from the answer. */
    public static Fault withoutHeader(String name) {
        return new Fault(Instead.NOTHING, Duration.ZERO, reply -> reply.withoutHeader(name), Wire.PLAIN);
    }

    /** {@code text/plain} and no event identifier, as AWS's emulator sends SHUTDOWN. */
    public static Fault textPlain() {
        UnaryOperator<ApiReply> plain = reply -> reply.withHeader("Content-Type", "text/plain; charset=utf-8")
                .withoutHeader(ExtensionsApi.EVENT_IDENTIFIER);
        return new Fault(Instead.NOTHING, Duration.ZERO, plain, Wire.PLAIN);
    }

    /** The body comes in chunks of seven bytes. */
    public static Fault chunked() {
        return new Fault(Instead.NOTHING, Duration.ZERO, UnaryOperator.identity(), Wire.CHUNKED);
    }

    /** The answer comes in segments of eleven bytes, a millisecond apart. */
    public static Fault split() {
        return new Fault(Instead.NOTHING, Duration.ZERO, UnaryOperator.identity(), Wire.SPLIT);
    }

    /** All header names in lower case. */
    public static Fault lowerCaseHeaders() {
        return new Fault(Instead.NOTHING, Duration.ZERO, UnaryOperator.identity(), Wire.LOWER_CASE);
    }

    /** All header names in capitals. */
    public static Fault upperCaseHeaders() {
        return new Fault(Instead.NOTHING, Duration.ZERO, UnaryOperator.identity(), Wire.UPPER_CASE);
    }

    /** {@code Connection: close}, and it is. */
    public static Fault closing() {
        return new Fault(Instead.NOTHING, Duration.ZERO, UnaryOperator.identity(), Wire.CLOSE);
    }

    Instead instead() {
        return instead;
    }

    Duration delay() {
        return delay;
    }

    ApiReply rewrite(ApiReply reply) {
        return rewrite.apply(reply);
    }

    Wire wire() {
        return wire;
    }

    /** The routes that can be scripted. */
    public enum Route {
        REGISTER,
        NEXT,
        INIT_ERROR,
        EXIT_ERROR,
        TELEMETRY,
        RUNTIME_NEXT,
        RUNTIME_RESPONSE,
        RUNTIME_ERROR
    }

    /** What happens in place of the call. */
    enum Instead {
        NOTHING,
        ANSWER,
        RESET,
        HANG
    }

    /** How the bytes of the answer leave. */
    enum Wire {
        PLAIN,
        CHUNKED,
        SPLIT,
        LOWER_CASE,
        UPPER_CASE,
        CLOSE
    }
}
