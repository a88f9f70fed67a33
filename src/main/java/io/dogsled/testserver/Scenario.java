package io.dogsled.testserver;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One scripted behaviour: where it holds, how often, and what happens at each stage of an exchange. Immutable; every
 * method returns a changed copy. Aspects that a scenario does not set are left to the scenarios under it and at last to
 * the server's defaults; {@code Script} has the order.
 *
 * <pre>
 * connect   head read   latency   body read   status   counted   before headers   headers   before body   body
 *              │           │          │          │        │            │             │            │         ├ middle
 *         BEFORE_READING   ...        │      BEFORE_ANSWER│       LOSE_ANSWER     AFTER_HEADERS   ...       └ MID_BODY
 *                                BLACK_HOLE
 * </pre>
 *
 * <p>For example {@code Scenario.onRoute("/api/v2/series").status(503).times(5)}, or {@code Scenario.parse("503x5")}.
 */
public final class Scenario {
    /** Where an exchange is cut short. */
    public enum Cut {
        /** It is not. */
        NONE("none"),
        /** The connection is reset (SO_LINGER 0) before the body is read; nothing was taken. */
        BEFORE_READING("reset-at-once"),
        /** The body is read and thrown away, then the connection is reset; nothing was taken. */
        BEFORE_ANSWER("reset"),
        /** The payload is taken and counted by its status, then the connection is reset: the client cannot know. */
        LOSE_ANSWER("lose-answer"),
        /** Taken; the connection is reset after the answer's headers. */
        AFTER_HEADERS("reset-after-headers"),
        /** Taken; the connection is reset in the middle of the answer's body. */
        MID_BODY("reset-mid-body"),
        /** The body is read, then nothing happens until the client or the server closes; nothing was taken. */
        BLACK_HOLE("blackhole");

        private final String text;

        Cut(String text) {
            this.text = text;
        }

        /** As it is written on a command line. */
        String text() {
            return text;
        }
    }

    private static final Scenario EMPTY = new Scenario("");

    private final String route;
    private int times;
    private @Nullable Latency latency;
    private int @Nullable [] statuses;
    private @Nullable String retryAfter;
    private @Nullable String body;
    private @Nullable Duration beforeHeaders;
    private @Nullable Duration beforeBody;
    private @Nullable Duration midBody;
    private @Nullable Duration drip;
    private @Nullable Cut cut;
    private boolean closeConnection;

    private Scenario(String route) {
        this.route = route;
    }

    private Scenario(Scenario other) {
        this.route = other.route;
        this.times = other.times;
        this.latency = other.latency;
        this.statuses = other.statuses;
        this.retryAfter = other.retryAfter;
        this.body = other.body;
        this.beforeHeaders = other.beforeHeaders;
        this.beforeBody = other.beforeBody;
        this.midBody = other.midBody;
        this.drip = other.drip;
        this.cut = other.cut;
        this.closeConnection = other.closeConnection;
    }

    /** A scenario for every request. */
    public static Scenario everywhere() {
        return EMPTY;
    }

    /** A scenario for requests whose path begins with {@code pathPrefix}. */
    public static Scenario onRoute(String pathPrefix) {
        return new Scenario(pathPrefix);
    }

    /**
     * Reads the form used on the command line, such as {@code 503}, {@code 503x5}, {@code /api/v2/series=429:5s},
     * {@code reset} or {@code drip:20ms}; {@code ScenarioText} has the grammar.
     *
     * @throws IllegalArgumentException with one sentence for the user
     */
    public static Scenario parse(String text) {
        return ScenarioText.parse(text);
    }

    /** Holds for the next {@code k} requests that match, then is gone; 0 = until it is replaced or cleared. */
    public Scenario times(int k) {
        if (k < 0) {
            throw new IllegalArgumentException("a scenario cannot hold for " + k + " requests");
        }
        Scenario changed = new Scenario(this);
        changed.times = k;
        return changed;
    }

    /** Waits before the body is read, as the seed's latency does. */
    public Scenario latency(Duration latency) {
        return latency(latency, latency);
    }

    /** Waits before the body is read, each time for a random time between the two. */
    public Scenario latency(Duration from, Duration to) {
        return latency(Latency.between(from, to));
    }

    /**
     * Waits before the body is read, mostly about {@code p50} with a long tail: log-normal, so that half of the requests
     * wait at most {@code p50} and 99 of 100 at most {@code p99}; none waits longer than ten times {@code p99}.
     */
    public Scenario latencyWithTail(Duration p50, Duration p99) {
        return latency(Latency.longTail(p50, p99));
    }

    Scenario latency(Latency distribution) {
        Scenario changed = new Scenario(this);
        changed.latency = distribution;
        return changed;
    }

    /** The status of the 1st, 2nd, … request under this scenario, in rotation; any code from 200 to 599. */
    public Scenario status(int... sequence) {
        for (int code : sequence) {
            if (code < 200 || code > 599) {
                throw new IllegalArgumentException(code + " is not a status from 200 to 599");
            }
        }
        if (sequence.length == 0) {
            throw new IllegalArgumentException("a status is missing");
        }
        Scenario changed = new Scenario(this);
        changed.statuses = sequence.clone();
        return changed;
    }

    /** Sends a {@code Retry-After} header: seconds, or an HTTP date. */
    public Scenario retryAfter(String value) {
        Scenario changed = new Scenario(this);
        changed.retryAfter = value;
        return changed;
    }

    /** Replaces the body of the answer. */
    public Scenario body(String text) {
        Scenario changed = new Scenario(this);
        changed.body = text;
        return changed;
    }

    /** Waits before the first byte of the answer; the request is counted and taken by then. */
    public Scenario delayBeforeHeaders(Duration delay) {
        Scenario changed = new Scenario(this);
        changed.beforeHeaders = delay;
        return changed;
    }

    /** Waits between the headers and the body of the answer. */
    public Scenario delayBeforeBody(Duration delay) {
        Scenario changed = new Scenario(this);
        changed.beforeBody = delay;
        return changed;
    }

    /** Waits in the middle of the answer's body. */
    public Scenario delayMidBody(Duration delay) {
        Scenario changed = new Scenario(this);
        changed.midBody = delay;
        return changed;
    }

    /** Sends the answer's body byte by byte, waiting before each. */
    public Scenario drip(Duration perByte) {
        Scenario changed = new Scenario(this);
        changed.drip = perByte;
        return changed;
    }

    /** Cuts the exchange short. */
    public Scenario cut(Cut where) {
        Scenario changed = new Scenario(this);
        changed.cut = where;
        return changed;
    }

    /** Answers with {@code Connection: close} and closes. */
    public Scenario closeConnection() {
        Scenario changed = new Scenario(this);
        changed.closeConnection = true;
        return changed;
    }

    String route() {
        return route;
    }

    int times() {
        return times;
    }

    boolean matches(String path) {
        return path.startsWith(route);
    }

    /** What this scenario sets, for the {@code use}-th request (from 0) that it plays for, on top of {@code base}. */
    Plan over(Plan base, int use) {
        int[] codes = statuses;
        return new Plan(
                latency == null ? base.latency() : latency.next(),
                codes == null ? base.status() : codes[use % codes.length],
                retryAfter == null ? base.retryAfter() : retryAfter,
                body == null ? base.body() : body,
                beforeHeaders == null ? base.beforeHeaders() : beforeHeaders,
                beforeBody == null ? base.beforeBody() : beforeBody,
                midBody == null ? base.midBody() : midBody,
                drip == null ? base.drip() : drip,
                cut == null ? base.cut() : cut,
                closeConnection || base.closeConnection(),
                base.step().isEmpty() ? toString() : base.step() + " + " + this);
    }

    /** As it would be written on a command line, its parts joined by {@code +}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        if (statuses != null) {
            part(text, Arrays.stream(statuses).mapToObj(Integer::toString).collect(Collectors.joining(",")));
        }
        part(text, "retry-after", retryAfter);
        part(text, "latency", latency);
        part(text, "slow-headers", beforeHeaders == null ? null : Durations.text(beforeHeaders));
        part(text, "slow-body", beforeBody == null ? null : Durations.text(beforeBody));
        part(text, "slow-middle", midBody == null ? null : Durations.text(midBody));
        part(text, "drip", drip == null ? null : Durations.text(drip));
        part(text, body == null ? "" : "body");
        part(text, cut == null ? "" : cut.text());
        part(text, closeConnection ? "close" : "");
        String all = text.isEmpty() ? "nothing" : text.toString();
        return (route.isEmpty() ? "" : route + "=") + all + (times == 0 ? "" : "x" + times);
    }

    private static void part(StringBuilder text, String name, @Nullable Object value) {
        part(text, value == null ? "" : name + ":" + value);
    }

    private static void part(StringBuilder text, String part) {
        text.append(text.isEmpty() || part.isEmpty() ? "" : "+").append(part);
    }
}
