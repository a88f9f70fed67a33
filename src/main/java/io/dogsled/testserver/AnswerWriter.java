package io.dogsled.testserver;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes answers, whole or in the pieces that a {@link Plan} asks for. Owned by the connection's thread.
 */
final class AnswerWriter {
    private final OutputStream out;

    AnswerWriter(OutputStream out) {
        this.out = out;
    }

    void sayContinue() throws IOException {
        out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Writes the answer in one piece. */
    void write(Answer answer, boolean headOnly, boolean keepAlive) throws IOException {
        byte[] head = head(answer, keepAlive);
        byte[] body = headOnly ? new byte[0] : sendable(answer);
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        out.write(all);
        out.flush();
    }

    /** Writes the answer in the plan's pieces; false if the plan wants the connection reset where this stopped. */
    boolean writeStaged(Answer answer, Plan plan, boolean keepAlive, Stages stages) throws IOException {
        byte[] body = sendable(answer);
        int middle = body.length / 2;
        out.write(head(answer, keepAlive));
        out.flush();
        if (plan.cut() == Scenario.Cut.AFTER_HEADERS) {
            return false;
        }
        stages.pause(plan.beforeBody());
        part(body, 0, middle, plan.drip(), stages);
        if (plan.cut() == Scenario.Cut.MID_BODY) {
            return false;
        }
        stages.pause(plan.midBody());
        int last = Math.max(middle, body.length - 1);
        part(body, middle, last, plan.drip(), stages);
        stages.pause(plan.drip());
        stages.beforeLastByte();
        out.write(body, last, body.length - last);
        out.flush();
        return true;
    }

    private void part(byte[] body, int from, int to, Duration perByte, Stages stages) throws IOException {
        if (perByte.isZero()) {
            out.write(body, from, to - from);
            out.flush();
            return;
        }
        for (int i = from; i < to; i++) {
            stages.pause(perByte);
            out.write(body[i]);
            out.flush();
        }
    }

    private static byte[] sendable(Answer answer) {
        return StatusCodes.isBodiless(answer.status())
                ? new byte[0]
                : answer.body().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] head(Answer answer, boolean keepAlive) {
        StringBuilder head = new StringBuilder(160);
        int status = answer.status();
        if (status < 200) { // Go sends it as an interim answer and then an empty 200
            head.append("HTTP/1.1 ")
                    .append(status)
                    .append(' ')
                    .append(StatusCodes.reason(status))
                    .append("\r\n\r\n");
            status = 200;
        }
        head.append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(StatusCodes.reason(status))
                .append("\r\n");
        for (Map.Entry<String, String> header : answer.headers().entrySet()) {
            head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
        }
        if (!StatusCodes.isBodiless(status)) {
            head.append("Content-Length: ").append(sendable(answer).length).append("\r\n");
        }
        if (!keepAlive) {
            head.append("Connection: close\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What the exchange does between the pieces of its answer. */
    interface Stages {
        /** Waits; throws when the server closes meanwhile. */
        void pause(Duration duration) throws IOException;

        /** Nothing but the last write is left: whoever has read the whole answer finds the exchange no longer active. */
        void beforeLastByte();
    }
}
