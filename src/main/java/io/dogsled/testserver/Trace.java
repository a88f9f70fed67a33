package io.dogsled.testserver;

import io.dogsled.testserver.TimedRequest.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request while it is being recorded: the connection's thread writes, any thread takes a copy. What the body says is
 * read on demand, so that recording costs a request nothing; until then the body is held, and {@link Trail} bounds how
 * many bytes wait so.
 */
final class Trace {
    private final int number;
    private final int connection;
    private final String method;
    private final String path;
    private final Instant arrivedAt;
    private final long arrivedNs;
    private final String step;
    private final long headNs;
    private long bodyNs = -1; // from here on guarded by this
    private long answeredNs = -1;
    private int status;
    private int bytes;
    private Outcome outcome = Outcome.OPEN;
    private @Nullable RequestHead unreadHead;
    private byte @Nullable [] unreadBody;
    private Content content = Content.NOTHING;

    /** {@code arrivedNs} is when the first byte of the request was there, monotonic; its head has been read now. */
    Trace(int number, int connection, RequestHead head, long arrivedNs, String step) {
        this.number = number;
        this.connection = connection;
        this.method = head.method();
        this.path = head.path();
        this.arrivedNs = arrivedNs;
        this.headNs = System.nanoTime();
        this.arrivedAt = Instant.now().minusNanos(headNs - arrivedNs);
        this.step = step;
    }

    synchronized void bodyRead(RequestHead head, byte[] body) {
        bodyNs = System.nanoTime();
        bytes = body.length;
        unreadHead = head;
        unreadBody = body;
    }

    /** What became of it; {@code newStatus} 0 = no answer. */
    synchronized void decided(Outcome newOutcome, int newStatus) {
        outcome = newOutcome;
        status = newStatus;
    }

    /** The last byte of the answer has been handed to the network. */
    synchronized void answered() {
        answeredNs = System.nanoTime();
    }

    synchronized int bytes() {
        return bytes;
    }

    /** Reads what the body says, once, and lets it and the headers go. */
    synchronized void digest() {
        RequestHead head = unreadHead;
        byte @Nullable [] body = unreadBody;
        if (head != null && body != null) {
            content = Content.of(PayloadDecoder.decode(path, head.lastValues(), body));
            unreadHead = null;
            unreadBody = null;
        }
    }

    /** Everything known by now; {@code zeroNs} is where the timeline begins. */
    synchronized TimedRequest shown(long zeroNs) {
        digest();
        return new TimedRequest(
                number,
                connection,
                method,
                path,
                step,
                arrivedAt,
                (arrivedNs - zeroNs) / 1e6,
                (headNs - arrivedNs) / 1e6,
                sinceArrivalMs(bodyNs),
                sinceArrivalMs(answeredNs),
                outcome,
                status,
                bytes,
                content.items(),
                content.oldestS(),
                content.newestS());
    }

    private double sinceArrivalMs(long ns) {
        return ns == -1 ? -1 : (ns - arrivedNs) / 1e6;
    }

    /** How much a payload says, and about when; times in epoch seconds, 0 = none. */
    private record Content(int items, long oldestS, long newestS) {
        static final Content NOTHING = new Content(0, 0, 0);

        static Content of(DecodedPayload payload) {
            Span span = new Span();
            payload.series().forEach(series -> series.points().forEach(point -> span.add(point.timestampS())));
            payload.sketches().forEach(sketch -> sketch.points().forEach(point -> span.add(point.timestampS())));
            payload.events().forEach(event -> span.add(event.timestampS()));
            payload.checks().forEach(check -> span.add(check.timestampS()));
            return span.items == 0 ? NOTHING : new Content(span.items, span.oldestS, span.newestS);
        }
    }

    private static final class Span {
        private int items;
        private long oldestS = Long.MAX_VALUE;
        private long newestS;

        void add(long timestampS) {
            items++;
            oldestS = Math.min(oldestS, timestampS);
            newestS = Math.max(newestS, timestampS);
        }
    }
}
