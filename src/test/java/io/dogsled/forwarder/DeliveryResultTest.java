package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.forwarder.DeliveryResult.Ambiguous;
import io.dogsled.forwarder.DeliveryResult.Kind;
import io.dogsled.forwarder.DeliveryResult.Retry;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.http.ExchangeOutcome.Stage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each way an exchange can fail means. Statuses are in the conformance cases and in RoundTest. */
class DeliveryResultTest {
    @ParameterizedTest
    @CsvSource({
        "NOT_CONNECTED,          false, false, RETRY",
        "REQUEST_PARTLY_WRITTEN, false, false, RETRY",
        "REQUEST_PARTLY_WRITTEN, true,  true,  RETRY",
        "REQUEST_WRITTEN,        false, false, AMBIGUOUS",
        "REQUEST_WRITTEN,        false, true,  AMBIGUOUS",
        "ANSWER_BEGUN,           true,  false, AMBIGUOUS",
    })
    void aFailureIsSafeToRepeatOnlyIfTheIntakeCannotHaveTheRequest(
            Stage stage, boolean reused, boolean byUs, Kind expected) {
        DeliveryResult result = DeliveryResult.of(new Failed(stage, "why", reused, byUs));

        assertThat(result.kind()).isEqualTo(expected);
        assertThat(result.reason()).isEqualTo("why");
        assertThat(result instanceof Ambiguous ambiguous && ambiguous.stale()).isFalse();
    }

    @Test
    void noAnswerAtAllMeansThatTheEndpointIsUnreachable() {
        Retry retry = (Retry) DeliveryResult.of(new Failed(Stage.NOT_CONNECTED, "refused", false, false));

        assertThat(retry.unreachable()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "REQUEST_WRITTEN,        false, true,  true",
        "REQUEST_WRITTEN,        true,  false, true",
        "REQUEST_PARTLY_WRITTEN, false, true,  false",
    })
    void aUsedConnectionThatEndsByItselfWithoutAnAnswerIsStale(
            Stage stage, boolean byUs, boolean stale, boolean written) {
        Ambiguous result = (Ambiguous) DeliveryResult.of(new Failed(stage, "reset", true, byUs));

        assertThat(result.stale()).isEqualTo(stale);
        assertThat(result.written()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5000",
        "'', 0",
        "0, 0",
        "300, 300000",
        "301, 300000",
        "99999999999999999999999, 300000",
        "'Fri, 31 Dec 1999 23:59:59 GMT', 0",
        "-5, 0",
        "1.5, 0"
    })
    void retryAfterIsTakenWithinReason(String header, long expectedMs) {
        assertThat(RetryAfter.ms(header)).isEqualTo(expectedMs);
    }
}
