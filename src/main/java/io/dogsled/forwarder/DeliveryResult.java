package io.dogsled.forwarder;

import io.dogsled.http.ExchangeOutcome;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.HttpResponse;

/**
 * What an attempt to deliver one payload came to. Statuses as the Agent takes them (protocol.md §4.7; Agent:
 * comp/forwarder/defaultforwarder/transaction/transaction.go), but that a 3xx is not a delivery: nobody took the payload.
 */
public sealed interface DeliveryResult {
    /** For a switch. */
    enum Kind {
        DELIVERED,
        REFUSED,
        RETRY,
        AMBIGUOUS
    }

    Kind kind();

    /** For a log line; never holds the API key. */
    String reason();

    /** Acknowledged with 2xx. */
    record Delivered(String reason) implements DeliveryResult {
        @Override
        public Kind kind() {
            return Kind.DELIVERED;
        }
    }

    /** The intake will not take this payload as it is: 400, 403, 413. */
    record Refused(int status, String reason) implements DeliveryResult {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }

        /** For the API key, not for the payload. */
        boolean isForbidden() {
            return status == 403;
        }

        /** For its size. */
        boolean isTooLarge() {
            return status == 413;
        }
    }

    /**
     * The intake did not take it and may take it later.
     *
     * @param afterMs what {@code Retry-After} asks for; 0 = nothing
     * @param unreachable there was no answer at all, so other payloads will not fare better
     */
    record Retry(String reason, long afterMs, boolean unreachable) implements DeliveryResult {
        @Override
        public Kind kind() {
            return Kind.RETRY;
        }
    }

    /**
     * The request left, wholly or almost, and nobody knows what became of it.
     *
     * @param stale the connection was a used one and ended without any answer byte: the commonest case is that the peer
     *     had closed it while it was idle, so the payload is sent again at once, on a new one (R18)
     * @param written whether the whole request had left; if not, the intake cannot have taken it
     */
    record Ambiguous(String reason, boolean stale, boolean written) implements DeliveryResult {
        @Override
        public Kind kind() {
            return Kind.AMBIGUOUS;
        }
    }

    /** The meaning of an exchange's end. */
    static DeliveryResult of(ExchangeOutcome outcome) {
        return outcome instanceof Answered answered ? ofAnswer(answered.response()) : ofFailure((Failed) outcome);
    }

    private static DeliveryResult ofAnswer(HttpResponse response) {
        int status = response.status();
        String reason = "answered " + status;
        if (status >= 200 && status < 300) {
            return new Delivered(reason);
        }
        if (status == 400 || status == 403 || status == 413) {
            return new Refused(status, reason);
        }
        return new Retry(reason, RetryAfter.ms(response.header("Retry-After")), false);
    }

    private static DeliveryResult ofFailure(Failed failed) {
        boolean stale = failed.reused() && !failed.byUs();
        return switch (failed.stage()) {
            case NOT_CONNECTED -> new Retry(failed.reason(), 0, true);
            case REQUEST_PARTLY_WRITTEN ->
                stale ? new Ambiguous(failed.reason(), true, false) : new Retry(failed.reason(), 0, true);
            case REQUEST_WRITTEN -> new Ambiguous(failed.reason(), stale, true);
            case ANSWER_BEGUN -> new Ambiguous(failed.reason(), false, true);
        };
    }
}
