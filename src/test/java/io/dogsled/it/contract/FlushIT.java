package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Invocation;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FLS: an intake that fails costs the function nothing, and the data as little as can be. */
@Timeout(60)
class FlushIT {
    private static final int EVENT_BYTES = 40_000;

    /** What may wait, in this trial. */
    private static final int QUEUE_BYTES = 1 << 20;

    @RegisterExtension
    private final Trial trial = new Trial();

    @ParameterizedTest
    @ContractCase("FLS-02")
    @ValueSource(ints = {500, 503, 429, 408})
    void aPayloadThatWasNotTakenIsDeliveredOnceMore(int status) {
        trial.warmUp();
        int accepted = trial.intake().accepted();
        trial.intake().play(Scenario.everywhere().status(status).times(1));

        trial.succeeds("orders:1|c\nsizes:3|d");
        trial.succeeds("{}");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(trial.intake().intake().sketchTotal("sizes").cnt()).isEqualTo(1);
        assertThat(trial.intake().accepted() - accepted)
                .as("series and sketches, once each")
                .isEqualTo(2);
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    /** Said for good: it would be said again. */
    @ParameterizedTest
    @CsvSource({"400, refused", "403, forbidden"})
    void aPayloadThatIsRefusedForGoodIsLostUnderAName(int status, String reason) {
        trial.inHaste();
        trial.warmUp();
        trial.intake().play(Scenario.everywhere().status(status));

        Invocation.Result result = trial.succeeds("orders:1|d");
        assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        trial.intake().clearScenarios();
        trial.succeeds("{}");
        trial.shutdown();

        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{\"" + reason + "\":1}");
    }

    @Test
    void aSlowIntakeHoldsAnInvocationNoLongerThanTheBudget() {
        trial.inHaste();
        trial.warmUp();
        trial.intake().latency(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        }
        trial.intake().latency(Duration.ZERO);
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(3);
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    @Test
    @ContractCase("FLS-04")
    void aConnectionThatWasClosedMeanwhileIsReplacedUnseen() {
        trial.inHaste();
        trial.warmUp();
        trial.succeeds("orders:1|c");
        int accepted = trial.intake().accepted();
        int failed = trial.intake().failed();
        trial.intake().closeIdleConnections();

        Invocation.Result result = trial.succeeds("orders:1|c\nsizes:3|d");

        assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        assertThat(trial.count("orders")).isEqualTo(2);
        assertThat(trial.intake().intake().sketchTotal("sizes").cnt()).isEqualTo(1);
        assertThat(trial.intake().accepted() - accepted).isEqualTo(2);
        assertThat(trial.intake().failed()).isEqualTo(failed);
        trial.shutdown();
        assertThat(trial.ledger()).contains("\"possibly_duplicated\":0");
    }

    @Test
    @ContractCase("FLS-06")
    void whatWaitsForAnIntakeIsBoundedAndTheOldestGoesFirst() {
        trial.with("DD_DOGSLED_QUEUE_BYTES", String.valueOf(QUEUE_BYTES));
        trial.inHaste();
        trial.warmUp();
        trial.intake().refuseConnections();
        for (int i = 0; i < 50; i++) {
            String title = String.valueOf(100 + i);
            String text = "x".repeat(EVENT_BYTES);
            Invocation.Result result = trial.succeeds("_e{3," + EVENT_BYTES + "}:" + title + "|" + text);
            assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        }
        trial.intake().acceptConnections();
        trial.shutdown();

        List<String> titles = trial.intake().intake().events().stream()
                .map(DecodedPayload.Event::title)
                .sorted()
                .toList();
        assertThat(titles.size()).isBetween(1, QUEUE_BYTES / EVENT_BYTES);
        assertThat(titles).as("the newest, once each").doesNotHaveDuplicates().endsWith("148", "149");
        assertThat(titles).startsWith(String.valueOf(150 - titles.size()));
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{\"queue_full\":" + (50 - titles.size()));
    }
}
