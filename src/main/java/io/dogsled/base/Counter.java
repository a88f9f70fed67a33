package io.dogsled.base;

/**
 * Everything Dogsled counts about itself: one page that says what it can know. The unit of the ledger is the sample as
 * received (rulings.md 8): each packed value is one, an event or a service check is one.
 *
 * <p>received = delivered + held + the sum of all {@link Kind#LOST}; rejected lines and kernel drops stand beside it.
 */
public enum Counter {
    RECEIVED("received", Kind.LEDGER, "samples, events and checks that were accepted"),
    DELIVERED("delivered", Kind.LEDGER, "samples acknowledged by the main endpoint"),
    SUPERSEDED("superseded", Kind.LEDGER, "samples of waiting values that a newer value of the same bucket replaced"),
    POSSIBLY_DUPLICATED(
            "possibly_duplicated", Kind.LEDGER, "samples of sketches and events sent again after an unknown outcome"),
    KERNEL_DROPPED("kernel_dropped", Kind.LEDGER, "datagrams that the kernel dropped at our socket"),

    LOST_SHUTDOWN("shutdown", Kind.LOST, "samples still held when the sandbox ended"),
    LOST_DEAD_LETTERED("dead_lettered", Kind.LOST, "samples written to the log as dead letters when the sandbox ended"),
    LOST_REFUSED("refused", Kind.LOST, "samples of payloads the intake refused for good"),
    LOST_FORBIDDEN("forbidden", Kind.LOST, "samples refused for the API key"),
    LOST_QUEUE_FULL("queue_full", Kind.LOST, "samples dropped, oldest first, when the queue reached its bound"),
    LOST_TOO_LARGE("too_large", Kind.LOST, "samples of a single value that no payload can hold"),
    LOST_NOT_FINITE("not_finite", Kind.LOST, "samples whose value, sum or weight is infinite or not a number"),
    LOST_NO_ROOM("no_room", Kind.LOST, "events and checks that a full aggregator could not take"),
    LOST_AMBIGUOUS("ambiguous", Kind.LOST, "samples of sketches and events not sent again after an unknown outcome"),
    LOST_BLOCKED("blocked", Kind.LOST, "samples of names on the block list"),
    LOST_ENGINE("engine", Kind.LOST, "datagrams drained by the launcher while no engine ran, or none read them"),
    LOST_SNAPSHOT("snapshot", Kind.LOST, "samples from before a SnapStart snapshot, which every copy of it would send"),
    LOST_LONG_DATAGRAM("long_datagram", Kind.LOST, "datagrams of a Unix socket that were longer than 65,536 bytes"),

    REJECTED_NO_PIPE("no_pipe", Kind.REJECTED, "lines without a pipe"),
    REJECTED_NAME_OR_VALUE("name_or_value", Kind.REJECTED, "lines with an empty or missing name or value"),
    REJECTED_TYPE("type", Kind.REJECTED, "lines of an unknown metric type"),
    REJECTED_VALUE("value", Kind.REJECTED, "lines with a value that is not a number"),
    REJECTED_NO_VALUE("no_value", Kind.REJECTED, "lines whose value field holds separators only"),
    REJECTED_RATE("rate", Kind.REJECTED, "lines with a sample rate that is not a number"),
    REJECTED_TIMESTAMP("timestamp", Kind.REJECTED, "lines with a timestamp that is not a whole number"),
    REJECTED_TIMESTAMP_RANGE("timestamp_not_positive", Kind.REJECTED, "lines with a timestamp below 1"),
    REJECTED_EVENT("event", Kind.REJECTED, "malformed events"),
    REJECTED_EVENT_HEADER("event_header", Kind.REJECTED, "events with a malformed header"),
    REJECTED_EVENT_TITLE("event_title", Kind.REJECTED, "events without a title"),
    REJECTED_CHECK("check", Kind.REJECTED, "malformed service checks"),
    REJECTED_CHECK_NAME("check_name", Kind.REJECTED, "service checks without a name"),
    REJECTED_CHECK_STATUS("check_status", Kind.REJECTED, "service checks with a status other than 0 to 3"),
    REJECTED_UNTERMINATED("unterminated", Kind.REJECTED, "last lines without a line end where one is required"),

    DATAGRAMS("datagrams", Kind.NOTE, "datagrams read"),
    PARSED("parsed", Kind.NOTE, "lines that were understood"),
    BYTES("bytes", Kind.NOTE, "bytes read"),
    RATE_OUT_OF_RANGE("rate_out_of_range", Kind.NOTE, "samples whose rate was outside (0, 1] and was taken as 1"),
    TIMESTAMP_OUT_OF_RANGE(
            "timestamp_out_of_range", Kind.NOTE, "samples timestamped further off than the intake takes"),
    APPROXIMATED(
            "approximated", Kind.NOTE, "samples of sets, histograms and distributions too large to be kept exactly"),
    FOLDED("folded", Kind.NOTE, "samples counted under an overflow series, past the context limit"),
    MOVED("moved", Kind.NOTE, "samples counted in another bucket of their context, for want of room"),
    STATS_FULL("stats_full", Kind.NOTE, "samples of contexts that the debug statistics had no room for"),
    DRAIN_FALLBACK("drain_fallback", Kind.NOTE, "flushes whose marker datagram did not come in time"),
    LISTENER_RESTARTS("listener_restarts", Kind.NOTE, "attempts to get a socket back that could not be read"),
    STREAM_TOO_LARGE("stream_too_large", Kind.NOTE, "stream connections closed for a datagram over the limit"),
    STREAM_CUT("stream_cut", Kind.NOTE, "stream connections that ended inside a datagram, which is lost"),
    STREAM_REFUSED("stream_refused", Kind.NOTE, "stream connections refused, because there were too many"),
    QUEUE_WAITS("queue_waits", Kind.NOTE, "times a listener waited for room in the workers' queue"),
    FORWARDED("forwarded", Kind.NOTE, "datagrams also sent to the forwarding address"),
    FORWARD_DROPPED("forward_dropped", Kind.NOTE, "datagrams that could not be sent there"),
    MAPPER_GAVE_UP("mapper_gave_up", Kind.NOTE, "names that a mapper's regex took too long on"),
    PAYLOADS_SENT("payloads_sent", Kind.NOTE, "requests answered by the intake with 2xx"),
    PAYLOADS_FAILED("payloads_failed", Kind.NOTE, "requests that failed or were answered otherwise"),
    ENHANCED("enhanced", Kind.NOTE, "values of enhanced metrics, which are received like any others"),
    TELEMETRY_UNREADABLE("telemetry_unreadable", Kind.NOTE, "telemetry batches that could not be read"),
    TELEMETRY_DROPPED("telemetry_dropped", Kind.NOTE, "times the platform said that it dropped telemetry"),
    FRAMES_UNKNOWN("frames_unknown", Kind.NOTE, "frames of a type the engine does not know"),
    INTERNAL_ERRORS("internal_errors", Kind.NOTE, "unexpected exceptions that were caught at the top of a thread");

    /** What a counter says about a value. */
    public enum Kind {
        LEDGER,
        LOST,
        REJECTED,
        NOTE
    }

    private final String label;
    private final Kind kind;
    private final String meaning;

    Counter(String label, Kind kind, String meaning) {
        this.label = label;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** The name in the ledger and in self-metrics: lower case with underscores; unique within its kind. */
    public String label() {
        return label;
    }

    /** Whether it is a loss, a rejection, part of the ledger's head, or only a note. */
    public Kind kind() {
        return kind;
    }

    /** One line for people: unit first. */
    public String meaning() {
        return meaning;
    }
}
