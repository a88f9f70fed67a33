package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
    @Test
    void theLineIsFoundBehindAnyPrefix() {
        Ledger ledger = Ledger.parse("[main] INFO DOGSLED ledger {\"received\":9,\"delivered\":5,\"held\":1,"
                        + "\"superseded\":2,\"possibly_duplicated\":1,\"lost\":{\"shutdown\":2,\"forbidden\":1},"
                        + "\"rejected\":{\"no_type\":4},\"kernel_dropped\":6}")
                .orElseThrow();

        assertThat(ledger)
                .isEqualTo(
                        new Ledger(9, 5, 1, 2, 1, Map.of("shutdown", 2L, "forbidden", 1L), Map.of("no_type", 4L), 6));
        assertThat(ledger.balances()).isTrue();
        assertThat(ledger.namesSomething()).isTrue();
    }

    @Test
    void aSampleThatIsNowhereIsSeen() {
        Ledger ledger = Ledger.parse("DOGSLED ledger {\"received\":9,\"delivered\":8,\"held\":0,\"lost\":{}}")
                .orElseThrow();

        assertThat(ledger.balances()).isFalse();
    }

    @Test
    void twoLivesAddUp() {
        Ledger one = new Ledger(9, 5, 1, 2, 1, Map.of("shutdown", 3L), Map.of("no_type", 4L), 6);
        Ledger other = new Ledger(7, 4, 0, 1, 0, Map.of("shutdown", 1L, "forbidden", 2L), Map.of(), 1);

        assertThat(one.plus(other))
                .isEqualTo(
                        new Ledger(16, 9, 1, 3, 1, Map.of("shutdown", 4L, "forbidden", 2L), Map.of("no_type", 4L), 7));
    }

    @Test
    void otherLinesAreNoLedger() {
        assertThat(Ledger.parse("DOGSLED deadletter {}")).isEmpty();
        assertThat(Ledger.parse("DOGSLED ledger {broken")).isEmpty();
        assertThat(Ledger.parse("DOGSLED ledger {\"endpoint\":\"https://api.datadoghq.eu\",\"key\":1,\"received\":9}"))
                .as("an additional endpoint's")
                .isEmpty();
    }
}
