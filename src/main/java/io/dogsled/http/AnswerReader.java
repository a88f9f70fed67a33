package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one answer after the other from a connection.
 *
 * <pre>
 * HTTP/1.1 202 Accepted
 * ^version ^status
 * Content-Length: 15
 *
 * {"errors":[]}
 * </pre>
 *
 * <p>Once the head is complete the intake has decided: what goes wrong afterwards costs the connection, not the answer.
 */
final class AnswerReader {
    /** How long the rest of an answer may take whose head is there; nobody needs it, but the connection does. */
    static final long BODY_MS = 500;

    private static final int HEAD_BYTES = 16 * 1024;
    private static final int HEADERS = 100;

    private final AnswerInput in;
    private final Clock clock;
    private boolean reusable;

    AnswerReader(AnswerInput in, Clock clock) {
        this.in = in;
        this.clock = clock;
    }

    /** Whether the answer before left the connection ready for another exchange. */
    boolean reusable() {
        return reusable;
    }

    /** The answer, without informational ones before it; fails only if its head does not come to an end. */
    HttpResponse read() throws IOException {
        Head head = head();
        return body(head.line, head.status, head.headers);
    }

    /** The head alone: what follows is not HTTP, as behind the answer to {@code CONNECT}. */
    HttpResponse readHead() throws IOException {
        Head head = head();
        return new HttpResponse(head.status, head.headers, new byte[0]);
    }

    private Head head() throws IOException {
        reusable = false;
        int budget = HEAD_BYTES;
        while (true) {
            String statusLine = in.line(budget);
            int status = status(statusLine);
            List<Header> headers = headers(budget - statusLine.length());
            if (status >= 200) {
                return new Head(statusLine, status, headers);
            }
            if (status == 101) {
                throw new IOException("the answer switches to another protocol");
            }
            budget /= 2;
        }
    }

    private HttpResponse body(String statusLine, int status, List<Header> headers) {
        AnswerBody body = new AnswerBody(in);
        try {
            in.hurry(Deadline.after(clock.nowNs(), BODY_MS));
            body.read(status, headers);
            reusable = body.complete() && staysOpen(statusLine, headers) && !in.hasRest();
        } catch (IOException e) {
            reusable = false;
        }
        return new HttpResponse(status, headers, body.kept());
    }

    private static int status(String line) throws IOException {
        if (!line.startsWith("HTTP/1.") || line.length() < 12 || line.charAt(8) != ' ') {
            throw new IOException("the answer is not HTTP/1.x");
        }
        int status = 0;
        for (int i = 9; i < 12; i++) {
            int digit = Character.digit(line.charAt(i), 10);
            if (digit < 0) {
                throw new IOException("the answer has no status");
            }
            status = status * 10 + digit;
        }
        if (status < 100 || (line.length() > 12 && line.charAt(12) != ' ')) {
            throw new IOException("the answer has no status");
        }
        return status;
    }

    private List<Header> headers(int headBudget) throws IOException {
        List<Header> headers = new ArrayList<>();
        int budget = headBudget;
        for (String line = in.line(Math.max(1, budget)); !line.isEmpty(); line = in.line(Math.max(1, budget))) {
            budget -= line.length();
            int colon = line.indexOf(':');
            if (colon <= 0 || headers.size() == HEADERS) {
                throw new IOException("the answer's head is not usable");
            }
            headers.add(new Header(
                    line.substring(0, colon), line.substring(colon + 1).trim()));
        }
        return headers;
    }

    private static boolean staysOpen(String statusLine, List<Header> headers) {
        String connection = HttpResponse.valueOf(headers, "Connection");
        return statusLine.startsWith("HTTP/1.1") && !connection.equalsIgnoreCase("close");
    }

    private record Head(String line, int status, List<Header> headers) {}
}
