package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Counter;
import io.dogsled.testserver.TestServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a copy of a snapshot sends: only what came after the restore. Values that are dated stand for those of the snapshot's day. */
class SnapshotTest {
    private final TestServer intake = TestServer.newTestServer();
    private final long longAgoS = System.currentTimeMillis() / 1_000 - 60;
    private Engine engine;

    @BeforeEach
    void start() throws Exception {
        engine = new Engine(intake.url());
    }

    @AfterEach
    void stop() {
        engine.close();
        intake.close();
    }

    @Test
    void whatIsOlderThanTheHooksIsLostAndTheRestIsSent() throws Exception {
        engine.send(
                "init:1|c|T" + longAgoS + "\ninit.size:1:2|d|T" + longAgoS + "\nhook:1|c\nhook.size:5|d\n_sc|hook|0");
        engine.flusher.beginAnew(engine.in(8_000));
        engine.assertBalance();
        engine.flush(8_000);

        assertThat(engine.counters.value(Counter.LOST_SNAPSHOT)).isEqualTo(3);
        assertThat(engine.counters.value(Counter.DELIVERED)).isEqualTo(3);
        assertThat(intake.intake().countTotal("hook")).isEqualTo(1);
        assertThat(intake.intake().countTotal("init")).isZero();
        assertThat(intake.intake().sketches()).hasSize(1);
        assertThat(intake.intake().checks()).hasSize(1);
    }

    @Test
    void whatWasDoneBeforeIsNotCountedAndWhatWasNotDeliveredIsNotSent() throws Exception {
        engine.send("done:1|c\nnonsense");
        engine.flush(8_000);
        intake.refuseConnections();
        engine.send("init:1|c|T" + longAgoS);
        engine.flush(2_000);
        int connections = intake.connections();
        assertThat(engine.counters.value(Counter.RECEIVED)).isEqualTo(2);

        engine.flusher.beginAnew(engine.in(8_000));
        intake.acceptConnections();
        engine.send("mine:1|c");
        engine.flush(8_000);

        assertThat(engine.ledger.json())
                .startsWith("{\"received\":2,\"delivered\":1,\"held\":0")
                .contains("\"lost\":{\"snapshot\":1},\"rejected\":{}");
        assertThat(engine.counters.value(Counter.DATAGRAMS)).isEqualTo(1);
        assertThat(intake.intake().countTotal("init")).isZero();
        assertThat(intake.intake().countTotal("mine")).isEqualTo(1);
        assertThat(intake.connections()).isGreaterThan(connections);
    }

    @Test
    void aConnectionOfBeforeIsNotUsed() throws Exception {
        engine.send("done:1|c");
        engine.flush(8_000);
        int connections = intake.connections();
        engine.flusher.beginAnew(engine.in(8_000));
        engine.send("mine:1|c");
        engine.flush(8_000);

        assertThat(intake.connections()).isEqualTo(connections + 1);
    }

    @Test
    void aMarkerAfterwardsIsOneOfOurs() throws Exception {
        engine.flusher.beginAnew(engine.in(8_000));
        engine.send("mine:1|c");

        assertThat(engine.flush(8_000).drained()).isTrue();
        assertThat(engine.counters.sum(Counter.Kind.REJECTED)).isZero();
    }
}
