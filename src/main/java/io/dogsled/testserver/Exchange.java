package io.dogsled.testserver;

import io.dogsled.testserver.DecodedPayload.Kind;
import io.dogsled.testserver.TimedRequest.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * One request from its head to the end of its answer. The order of work is a contract (Agent:
 * pkg/trace/writer/testserver.go, {@code ServeHTTP}): count it; make it active; wait the latency; read the body; decide the
 * status; count the outcome and keep the payload; only then answer, so that whoever sees the answer sees the counters.
 * Owned by the connection's thread.
 *
 * <p><b>Where the status is decided</b> ({@link #status}): a body that asks for a status by the grammar {@code id|codes}
 * gets it, on any path; else a scenario's status; else 202 on the intake routes and 200 everywhere else. A body that
 * asks for a code that does not exist (299) gets 500 with a sentence and counts as aborted, where the Agent's own server
 * panics.
 */
final class Exchange implements AnswerWriter.Stages {
    /** What becomes of the connection. */
    enum Ending {
        KEEP,
        CLOSE,
        RESET
    }

    private final Connection connection;
    private final RequestHead head;
    private final Recording recording;
    private final Instant receivedAt = Instant.now();
    private final Plan plan;
    private final Trace trace;
    private boolean active;

    Exchange(Connection connection, RequestHead head, Recording recording, Plan plan) {
        this.connection = connection;
        this.head = head;
        this.recording = recording;
        this.plan = plan;
        this.trace = recording.trail().begin(connection.number(), head, connection.arrivedNs(), plan.step());
    }

    Ending run() throws IOException, MalformedRequest {
        recording.tally().enter();
        active = true;
        try {
            return exchange();
        } finally {
            leave();
            recording.trail().tidy();
        }
    }

    private Ending exchange() throws IOException, MalformedRequest {
        if (plan.cut() == Scenario.Cut.BEFORE_READING) {
            abort();
            return Ending.RESET;
        }
        waitFor(plan.latency());
        byte[] body = readBody();
        recording.trail().bodyRead(trace, head, body);
        if (plan.cut() == Scenario.Cut.BEFORE_ANSWER) {
            abort();
            return Ending.RESET;
        }
        if (plan.cut() == Scenario.Cut.BLACK_HOLE) {
            abort();
            connection.holdUntilClosed();
            return Ending.CLOSE;
        }
        Answer answer = answer(body);
        pause(plan.beforeHeaders());
        if (plan.cut() == Scenario.Cut.LOSE_ANSWER) {
            return Ending.RESET;
        }
        return write(answer);
    }

    @Override
    public void pause(Duration duration) throws IOException {
        if (duration.isPositive()) {
            connection.hold(duration);
        }
    }

    @Override
    public void beforeLastByte() {
        leave();
    }

    /** The latency: work like any other, which {@link TestServer#close} waits for. */
    static void waitFor(Duration duration) {
        if (duration.isPositive()) {
            try {
                Thread.sleep(duration);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private byte[] readBody() throws IOException, MalformedRequest {
        boolean complete = false;
        try {
            byte[] body = connection.readBody(head);
            complete = true;
            return body;
        } finally {
            if (!complete) {
                abort();
            }
        }
    }

    /** Decides, counts, keeps; after this the outcome is visible to everyone. */
    private Answer answer(byte[] body) {
        int scripted = recording.scriptedBodies().nextStatus(body);
        Kind kind = IntakeRoute.kind(head.path());
        if (scripted == ScriptedBodies.UNLISTED) {
            abort();
            return Answer.diagnostic(500, "The body asks for a status code that does not exist.");
        }
        if (scripted == ScriptedBodies.MALFORMED && kind == Kind.OTHER) {
            connection.warn("possibly malformed body: it has one \"|\", but no list of status codes after it");
        }
        int status = status(scripted, plan, kind);
        if (status / 100 == 2) {
            recording.add(new ReceivedPayload(head, body, receivedAt, status));
        }
        trace.decided(recording.tally().count(status), status);
        return content(scripted, status, plan, kind);
    }

    private static int status(int scripted, Plan plan, Kind kind) {
        if (scripted > 0) {
            return scripted;
        }
        if (plan.status() != 0) {
            return plan.status();
        }
        return kind == Kind.OTHER ? 200 : 202;
    }

    private static Answer content(int scripted, int status, Plan plan, Kind kind) {
        String body = plan.body();
        boolean silent = body == null && (scripted > 0 || kind == Kind.OTHER) && !plan.isStaged();
        Answer answer;
        if (silent) {
            answer = Answer.empty(status);
        } else if (body != null) {
            answer = Answer.json(status, body);
        } else {
            String error = status / 100 == 2 ? "" : "\"" + StatusCodes.reason(status) + "\"";
            answer = Answer.json(status, "{\"errors\":[" + error + "]}");
        }
        String retryAfter = plan.retryAfter();
        if (retryAfter != null) {
            answer.headers().put("Retry-After", retryAfter);
        }
        return answer;
    }

    private Ending write(Answer answer) throws IOException {
        boolean keepAlive = head.keepAlive() && !plan.closeConnection() && !connection.isStopping();
        boolean headOnly = head.method().equals("HEAD");
        if (headOnly || !plan.isStaged()) {
            leave();
            connection.writer().write(answer, headOnly, keepAlive);
            trace.answered();
        } else if (!connection.writer().writeStaged(answer, plan, keepAlive, this)) {
            return Ending.RESET;
        } else {
            trace.answered();
        }
        return keepAlive ? Ending.KEEP : Ending.CLOSE;
    }

    private void abort() {
        recording.tally().abort();
        trace.decided(Outcome.ABORTED, 0);
    }

    private void leave() {
        if (active) {
            active = false;
            recording.tally().leave();
        }
    }
}
