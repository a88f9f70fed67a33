package io.dogsled.dogstatsd;

import io.dogsled.base.Counter;

/**
 * Why a line was not accepted: bad input is a value, and each kind has its counter. The order of the constants is the order in
 * which a parser looks, so a line with two faults has one name, the one the Agent gives (protocol.md §1.3, §1.8, §1.9).
 */
public enum Rejection {
    NO_PIPE(Counter.REJECTED_NO_PIPE),
    NAME_OR_VALUE(Counter.REJECTED_NAME_OR_VALUE),
    TYPE(Counter.REJECTED_TYPE),
    VALUE(Counter.REJECTED_VALUE),
    NO_VALUE(Counter.REJECTED_NO_VALUE),
    RATE(Counter.REJECTED_RATE),
    TIMESTAMP(Counter.REJECTED_TIMESTAMP),
    TIMESTAMP_RANGE(Counter.REJECTED_TIMESTAMP_RANGE),

    EVENT_COLON(Counter.REJECTED_EVENT),
    EVENT_HEADER(Counter.REJECTED_EVENT_HEADER),
    EVENT_TITLE(Counter.REJECTED_EVENT_TITLE),
    EVENT_LENGTH(Counter.REJECTED_EVENT),

    CHECK_FORMAT(Counter.REJECTED_CHECK),
    CHECK_NAME(Counter.REJECTED_CHECK_NAME),
    CHECK_STATUS(Counter.REJECTED_CHECK_STATUS),

    UNTERMINATED(Counter.REJECTED_UNTERMINATED);

    private final Counter counter;

    Rejection(Counter counter) {
        this.counter = counter;
    }

    /** What counts lines rejected for this reason. */
    public Counter counter() {
        return counter;
    }

    /**
     * What the Agent says about such a line, word for word; {@code UNTERMINATED} has no words there and gets ours. Builds text:
     * for logs, never on the hot path.
     *
     * @param line {@code line[from, to)} is the line that was rejected for this reason, without its end
     */
    public String errorText(byte[] line, int from, int to) {
        return RejectionText.of(this, line, from, to);
    }
}
