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
    void trafficAloneIsNotWorthALineButEveryCounterIsShownOnRequest() throws Exception {
        try (TestServer intake = TestServer.newTestServer();
                Engine engine = new Engine(intake.url())) {
            assertThat(engine.ledger.countersJson())
                    .isEqualTo("{\"ledger\":{},\"lost\":{},\"rejected\":{},\"notes\":{}}");
            engine.counters.add(Counter.RECEIVED, 3);
            engine.counters.add(Counter.LOST_BLOCKED, 2);
            engine.counters.add(Counter.REJECTED_TYPE, 4);
            engine.counters.add(Counter.DATAGRAMS, 5);
            engine.counters.add(Counter.BYTES, 6);
            engine.counters.add(Counter.PARSED, 7);
            engine.counters.add(Counter.FORWARDED, 8);
            engine.counters.add(Counter.PAYLOADS_SENT, 9);
            assertThat(engine.ledger.notesLine()).isEmpty();

            engine.counters.add(Counter.RATE_OUT_OF_RANGE, 3);
            engine.counters.add(Counter.STREAM_CUT, 1);
            assertThat(engine.ledger.notesLine()).isEqualTo("DOGSLED notes {\"rate_out_of_range\":3,\"stream_cut\":1}");
            assertThat(engine.ledger.countersJson())
                    .isEqualTo("{\"ledger\":{\"received\":3},\"lost\":{\"blocked\":2},\"rejected\":{\"type\":4},"
                            + "\"notes\":{\"datagrams\":5,\"parsed\":7,\"bytes\":6,\"rate_out_of_range\":3,"
                            + "\"stream_cut\":1,\"forwarded\":8,\"payloads_sent\":9}}");
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

    @Test
    void anAdditionalEndpointHasALedgerOfItsOwnAndTheMainOneStaysAsItIs() throws Exception {
        try (TestServer intake = TestServer.newTestServer();
                TestServer other = TestServer.newTestServer();
                Engine engine = new Engine(
                        intake.url(), "DD_ADDITIONAL_ENDPOINTS", "{\"" + other.url() + "\":[\"k1\",\"SECRET\"]}")) {
            assertThat(engine.ledger.endpointLines()).hasSize(2);
            other.play(Scenario.everywhere().status(400).times(1));
            engine.send("a:1:2:3|c|T1");
            engine.flush(8_000);

            assertThat(engine.ledger.json())
                    .isEqualTo("{\"received\":3,\"delivered\":3,\"held\":0,\"superseded\":0,"
                            + "\"possibly_duplicated\":0,\"lost\":{},\"rejected\":{},\"kernel_dropped\":0}");
            String delivered = ",\"received\":3,\"delivered\":3,\"held\":0,\"superseded\":0,"
                    + "\"possibly_duplicated\":0,\"lost\":{}}";
            String refused = ",\"received\":3,\"delivered\":0,\"held\":0,\"superseded\":0,"
                    + "\"possibly_duplicated\":0,\"lost\":{\"refused\":3}}";
            String name = "{\"endpoint\":\"" + other.url() + "\",\"key\":";
            assertThat(engine.ledger.endpointsJson())
                    .as("one of the two keys was refused")
                    .isIn(
                            "[" + name + 1 + delivered + "," + name + 2 + refused + "]",
                            "[" + name + 1 + refused + "," + name + 2 + delivered + "]");
            assertThat(engine.ledger.endpointLines()).allMatch(line -> line.startsWith("DOGSLED ledger " + name));
        }
    }

    @Test
    void withoutAdditionalEndpointsThereIsNothingToSayOfThem() throws Exception {
        try (TestServer intake = TestServer.newTestServer();
                Engine engine = new Engine(intake.url())) {
            assertThat(engine.ledger.endpointLines()).isEmpty();
            assertThat(engine.ledger.endpointsJson()).isEqualTo("[]");
        }
    }
}
