package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.forwarder.Forwarder.Progress;
import io.dogsled.http.Network;
import io.dogsled.metrics.MetricBatch;
import io.dogsled.metrics.Receipt;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two endpoints, one of which is not well: what the other gets, and what the ledger of each says. */
class ForwardersTest {
    /** What can be wrong with an endpoint. */
    enum Fault {
        BLACK_HOLE,
        SLOW,
        FAILS,
        REFUSES,
        GONE
    }

    private final TestServer first = TestServer.newTestServer();
    private final TestServer second = TestServer.newTestServer();
    private final Clock clock = Clock.system();
    private final Counters counters = new Counters();
    private final long bucketS = clock.nowMs() / 1_000 - 60;
    private Forwarders forwarders = forwarders("DD_API_KEY", "mainkey");
    private long received;

    @AfterEach
    void close() {
        forwarders.shutdown(in(0));
        first.close();
        second.close();
    }

    @Test
    void bothGetEverythingEachWithItsOwnKey() {
        forwarders.start();
        offer(new Batches()
                .count("a", bucketS, 3)
                .sketch("d", bucketS, 4)
                .event("e")
                .check("c"));

        assertThat(forwarders.deliver(in(8_000))).isEqualTo(Progress.SETTLED);
        assertThat(keys(first)).hasSize(4).containsOnly("mainkey");
        assertThat(keys(second)).hasSize(4).containsOnly("otherkey");
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(9);
        assertThat(other().value(Counter.DELIVERED)).isEqualTo(9);
        assertBalance();
    }

    @ParameterizedTest
    @EnumSource
    void whatHappensToAnAdditionalEndpointIsNothingToTheMainOne(Fault fault) {
        strike(second, fault);
        play(first, counters);
        assertThat(counters.value(Counter.DELIVERED)).as("at the main endpoint").isEqualTo(received);
    }

    @ParameterizedTest
    @EnumSource
    void whatHappensToTheMainEndpointIsNothingToAnAdditionalOne(Fault fault) {
        strike(first, fault);
        play(second, other());
        assertThat(other().value(Counter.DELIVERED)).as("at the additional one").isEqualTo(received);
    }

    /** Flushes with a small budget, then the end; {@code well} gets everything, at each flush and at the end. */
    private void play(TestServer well, Counters itsCounters) {
        forwarders.start();
        for (int i = 0; i < 3; i++) {
            offer(new Batches().count("a" + i, bucketS, 3).sketch("d" + i, bucketS, 4));
            forwarders.deliver(in(200));
            await().atMost(Duration.ofSeconds(8))
                    .untilAsserted(() -> assertThat(itsCounters.value(Counter.DELIVERED))
                            .as("delivered while the other endpoint is not well, of " + received)
                            .isEqualTo(received));
            assertBalance();
        }
        offer(new Batches().count("last", bucketS, 5).event("last"));
        forwarders.shutdown(in(2_000));
        assertThat(well.accepted()).isGreaterThanOrEqualTo(8);
        assertBalance();
        assertThat(forwarders.heldSamples()).isZero();
        assertThat(forwarders.additional().getFirst().heldSamples()).isZero();
    }

    @Test
    void aBucketThatIsStillOpenIsSettledForEachOnItsOwn() {
        second.play(Scenario.everywhere().status(400).times(1));
        forwarders.start();
        Receipt receipt = new Receipt();
        long openS = clock.nowMs() / 1_000;
        offer(new Batches().count("a", openS, receipt, 3, 3));
        forwarders.deliver(in(8_000));
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(3);
        assertThat(other().value(Counter.DELIVERED)).isZero();
        assertThat(forwarders.additional().getFirst().heldSamples()).isEqualTo(3);

        offer(new Batches().count("a", openS, receipt, 5, 2));
        forwarders.deliver(in(8_000));
        assertThat(counters.value(Counter.DELIVERED)).isEqualTo(5);
        assertThat(other().value(Counter.DELIVERED))
                .as("the newer point has all of them")
                .isEqualTo(5);
        assertBalance();
    }

    @Test
    void aKeyInAFileIsUsedAsSoonAsItIsThere(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("key");
        forwarders = forwarders("DD_API_KEY_FILE", file.toString());
        forwarders.start();
        offer(new Batches().count("a", bucketS, 3));
        forwarders.deliver(in(8_000));
        assertThat(first.total()).as("requests without a key").isZero();
        assertThat(forwarders.heldSamples()).isEqualTo(3);

        Files.writeString(file, "filekey\n");
        await().atMost(Duration.ofSeconds(8)).until(() -> {
            forwarders.deliver(in(200));
            return counters.value(Counter.DELIVERED) == 3;
        });
        assertThat(keys(first)).containsOnly("filekey");
        assertBalance();
    }

    @Test
    void everyEndpointHasAReceiptOfACellAndAlwaysTheSame() {
        MetricBatch batch = new Batches().count("a", bucketS, 3).build();
        assertThat(batch.series().getFirst().receipt())
                .isNotSameAs(batch.forEndpoint(1).series().getFirst().receipt());
        assertThat(batch.forEndpoint(2).series().getFirst().receipt())
                .isSameAs(batch.forEndpoint(2).series().getFirst().receipt())
                .isNotSameAs(batch.forEndpoint(1).series().getFirst().receipt());
    }

    private void strike(TestServer server, Fault fault) {
        switch (fault) {
            case BLACK_HOLE -> server.play(Scenario.everywhere().cut(Cut.BLACK_HOLE));
            case SLOW -> server.latency(Duration.ofSeconds(3));
            case FAILS -> server.play(Scenario.everywhere().status(500));
            case REFUSES -> server.play(Scenario.everywhere().status(403));
            case GONE -> server.refuseConnections();
        }
    }

    private void offer(Batches batches) {
        MetricBatch batch = batches.build();
        received += batch.newSamples();
        forwarders.offer(batch);
    }

    private void assertBalance() {
        AdditionalEndpoint endpoint = forwarders.additional().getFirst();
        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> {
            assertThat(settled(counters) + forwarders.heldSamples()).isEqualTo(received);
            assertThat(settled(other()) + endpoint.heldSamples()).isEqualTo(received);
        });
        assertThat(other().value(Counter.RECEIVED)).isEqualTo(received);
    }

    private static long settled(Counters counters) {
        return counters.value(Counter.DELIVERED) + counters.sum(Counter.Kind.LOST);
    }

    private Counters other() {
        return forwarders.additional().getFirst().counters();
    }

    private static List<String> keys(TestServer server) {
        return server.payloads().stream()
                .map(payload -> payload.header("DD-API-KEY"))
                .toList();
    }

    private Deadline in(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }

    private Forwarders forwarders(String variable, String value) {
        Map<String, String> environment = new HashMap<>(Map.of(variable, value, "DD_DD_URL", first.url()));
        environment.put("DD_DOGSLED_DEAD_LETTER_BYTES", "0"); // the standard output is the test runner's
        environment.put("DD_ADDITIONAL_ENDPOINTS", "{\"" + second.url() + "\":\"otherkey\"}");
        Config config = ConfigReader.read(environment, new ArrayList<>());
        return Forwarders.of(config, Network.straight(), new Instruments(clock, counters, new Log(Log.Level.OFF)));
    }
}
