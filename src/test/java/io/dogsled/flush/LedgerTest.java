package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import org.junit.jupiter.api.Test;

/** The exact line (rulings.md 13). */
class LedgerTest {
    @Test
    void anEmptyLedger() throws Exception {
        try (TestServer intake = TestServer.newTestServer();
                Engine engine = new Engine(intake.url())) {
            assertThat(engine.ledger.line())
                    .isEqualTo("DOGSLED ledger {\"received\":0,\"delivered\":0,\"held\":0,\"superseded\":0,"
                            + "\"possibly_duplicated\":0,\"lost\":{},\"rejected\":{},\"kernel_dropped\":0}");
        }
    }

    @Test
    void countsSamplesAndNamesReasons() throws Exception {
        try (TestServer intake = TestServer.newTestServer();
                Engine engine = new Engine(intake.url())) {
            intake.play(Scenario.onRoute("/intake").status(400));
            engine.send("a:1:2:3|c\nno pipe\nx:1|q\n_e{1,1}:t|t");
            engine.flush(8_000);
            engine.send("b:1|g");
            assertThat(engine.flusher.flush(engine.in(8_000)).drained()).isTrue();
            engine.counters.add(Counter.KERNEL_DROPPED, 7);

            assertThat(engine.ledger.json())
                    .isEqualTo("{\"received\":5,\"delivered\":4,\"held\":0,\"superseded\":0,"
                            + "\"possibly_duplicated\":0,\"lost\":{\"refused\":1},\"rejected\":"
                            + "{\"no_pipe\":1,\"type\":1},\"kernel_dropped\":7}");
        }
    }
}
