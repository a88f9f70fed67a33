package io.dogsled.http;

/** How an exchange ended. */
public sealed interface ExchangeOutcome {

    /** How far a failed exchange got: this alone says whether the intake may have taken the request. */
    enum Stage {
        /** No byte of the request has left: no address, refused, no handshake. */
        NOT_CONNECTED,
        /** The intake cannot have the whole request. */
        REQUEST_PARTLY_WRITTEN,
        /** The whole request has left, and no byte came back. */
        REQUEST_WRITTEN,
        /** An answer began, but its head is not complete or not HTTP. */
        ANSWER_BEGUN
    }

    /**
     * Whether the peer may have closed the connection before the request, without our knowing: it had carried an exchange
     * before, or was opened ahead and idle for more than a second.
     */
    boolean reused();

    /** The head of an answer is complete. The intake has decided, even if the rest of the body never came. */
    record Answered(HttpResponse response, boolean reused) implements ExchangeOutcome {}

    /**
     * There is no answer.
     *
     * @param reason for a log line
     * @param byUs this side ended it: the deadline passed, or {@link HttpConnection#close} was called
     */
    record Failed(Stage stage, String reason, boolean reused, boolean byUs) implements ExchangeOutcome {}
}
