package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged engine alone, with the test as its launcher. */
@Timeout(60)
class EngineIT {
    @TempDir
    private Path folder;

    private final TestServer intake = TestServer.newTestServer();

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void anInvocationIsDeliveredBeforeDoneAndTheLedgerBalancesAtTheEnd() throws Exception {
        try (EngineProcess engine = start()) {
            assertThat(engine.take()).isEqualTo("ready");
            engine.registered(200);
            for (int i = 1; i <= 3; i++) {
                engine.invoke("r" + i, 10_000);
                engine.datagram("orders:2|c|#shop:1\nbasket:" + i + "|g");
                engine.runtimeDone("r" + i);
                engine.takeUntil("done r" + i);
                assertThat(intake.intake().countTotal("orders", "shop:1"))
                        .as("after invocation " + i)
                        .isEqualTo(2.0 * i);
            }
            engine.datagram("late:1|c");
            engine.shutdown(2_000);

            assertThat(engine.exitStatus()).isZero();
            assertThat(intake.intake().countTotal("late")).isEqualTo(1);
            assertThat(intake.intake().lastGauge("basket")).isEqualTo(3);
            assertThat(ledger(engine))
                    .contains("\"received\":7,\"delivered\":7,\"held\":0")
                    .contains("\"lost\":{}");
        }
    }

    @Test
    void withoutTelemetryDataLeavesWhenItIsQuiet() throws Exception {
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.registered(202);
            engine.invoke("r1", 10_000);
            engine.takeUntil("done r1");
            engine.datagram("orders:1|c");
            assertThat(engine.takeUntil("wake")).isEqualTo("wake 5");

            engine.send(6, new byte[0]);
            engine.takeUntil("wake");
            engine.send(6, new byte[0]);
            engine.datagram("orders:1|c");
            engine.takeUntil("wake");

            // in the background, with the second datagram or before it: nobody waits for the intake here
            await().untilAsserted(() ->
                    assertThat(intake.intake().countTotal("orders")).isBetween(1.0, 2.0));
        }
    }

    /** Its stdout is a pipe that this test does not read: what does not fit into it blocks for ever. */
    @Test
    void aLogThatNobodyReadsHoldsNobodyAtTheEnd() throws Exception {
        intake.refuseConnections();
        Random random = new Random(5);
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.registered(200);
            for (int i = 0; i < 4; i++) {
                for (int k = 0; k < 100; k++) {
                    byte[] tag = new byte[300];
                    random.nextBytes(tag);
                    engine.datagram("orders:1|c|#shop:" + HexFormat.of().formatHex(tag));
                }
                engine.invoke("r" + i, 10_000);
                engine.runtimeDone("r" + i);
                engine.takeUntil("done r" + i);
            }
            engine.shutdown(2_000);

            assertThat(engine.exitStatus()).isZero();
            // bursts into a socket of the usual size: what the kernel drops of them stands in the ledger too
            String ledger = ledger(engine);
            long received = 400 - number(ledger, "kernel_dropped");
            assertThat(received).isPositive();
            assertThat(ledger)
                    .contains("\"received\":" + received + ",\"delivered\":0,\"held\":0")
                    .contains("\"lost\":{\"shutdown\":" + received + "}");
        }
    }

    private static long number(String ledger, String name) {
        String after = ledger.substring(ledger.indexOf("\"" + name + "\":") + name.length() + 3);
        return Long.parseLong(after.substring(0, after.indexOf('}')));
    }

    @Test
    void aLauncherThatDiesLeavesTimeForOneFlush() throws Exception {
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.registered(200);
            engine.datagram("orders:1|c");
            engine.closePipe();

            assertThat(engine.exitStatus()).isZero();
            assertThat(intake.intake().countTotal("orders")).isEqualTo(1);
        }
    }

    @Test
    void itSaysWhatItHoldsBeforeItSendsAndWhenThatIsDelivered() throws Exception {
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.registered(200);
            intake.play(Scenario.everywhere().status(503));
            engine.invoke("r1", 10_000);
            engine.datagram("orders:2|c\norders:3|c\nbasket:1|g");
            engine.runtimeDone("r1");
            engine.takeUntil("done r1");
            assertThat(engine.holds()).as("the intake refuses").isEqualTo(3);

            intake.clearScenarios();
            engine.shutdown(2_000);
            assertThat(engine.exitStatus()).isZero();
            assertThat(engine.holds()).as("all delivered").isZero();
        }
    }

    @Test
    void nonsenseInThePipeEndsItWithAnErrorStatus() throws Exception {
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.send(99, new byte[3]);
            engine.event("not JSON");
            engine.registered(200);
            engine.invoke("r1", 5_000);
            engine.runtimeDone("r1");
            engine.takeUntil("done r1");
            for (int i = 0; i < 3; i++) {
                engine.send(0xff, new byte[1_000]);
            }
            engine.raw(new byte[] {0, 0, 0, 0, 2});

            assertThat(engine.exitStatus()).isEqualTo(1);
            assertThat(engine.lines()).anyMatch(line -> line.contains("cannot understand the launcher"));
        }
    }

    @Test
    void garbageOversizedAndBinaryDatagramsCostOnlyThemselves() throws Exception {
        Random random = new Random(7);
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            engine.registered(200);
            engine.invoke("r1", 20_000);
            for (int i = 0; i < 200; i++) {
                byte[] garbage = new byte[random.nextInt(1_400)];
                random.nextBytes(garbage);
                engine.datagram(garbage);
            }
            byte[] largest = new byte[65_507];
            random.nextBytes(largest);
            engine.datagram(largest);
            engine.datagram("");
            engine.runtimeDone("r1");
            engine.takeUntil("done r1");
            engine.invoke("r2", 20_000);
            engine.datagram("orders:1|c\n:::\norders:x|c\norders:1|c");
            engine.runtimeDone("r2");
            engine.takeUntil("done r2");

            assertThat(intake.intake().countTotal("orders")).isEqualTo(2);
        }
    }

    @Test
    void wrongSettingsAndAMissingKeyAreOneLineEachAndNothingStops() throws Exception {
        Map<String, String> environment = environment();
        environment.remove("DD_API_KEY");
        environment.put("DD_DOGSTATSD_PORT", "eight");
        environment.put("DD_DOGSLED_FLUSH_BUDGET", "9");
        environment.put("DD_METRIC_TAG_FILTERLIST", "x"); // for the metrics, and for the statistics
        environment.put("DD_DOGSTATSD_MAPPER_PROFILES", "y");
        environment.put("DD_DOGSTATSD_METRICS_STATS_ENABLE", "true");
        try (EngineProcess engine = EngineProcess.start(folder.resolve("engine"), environment)) {
            engine.takeUntil("ready");
            engine.registered(200);
            engine.invoke("r1", 5_000);
            engine.datagram("orders:1|c");
            engine.runtimeDone("r1");
            engine.takeUntil("done r1");
            engine.shutdown(2_000);

            assertThat(engine.exitStatus()).isZero();
            assertThat(matching(engine, "DD_DOGSTATSD_PORT=\"eight\"")).hasSize(1);
            assertThat(matching(engine, "DD_DOGSLED_FLUSH_BUDGET=\"9\"")).hasSize(1);
            assertThat(matching(engine, "DD_METRIC_TAG_FILTERLIST")).hasSize(1);
            assertThat(matching(engine, "DD_DOGSTATSD_MAPPER_PROFILES")).hasSize(1);
            assertThat(matching(engine, "DD_API_KEY")).hasSize(1);
            assertThat(intake.total()).isZero();
            assertThat(ledger(engine))
                    .contains("\"received\":1,\"delivered\":0,\"held\":0")
                    .contains("\"shutdown\":1");
        }
    }

    @Test
    void aFilterListThatCannotBeUsedIsOneLineHoweverManyPipelinesThereAre() throws Exception {
        Map<String, String> environment = environment();
        environment.put("DD_METRIC_TAG_FILTERLIST", "x");
        environment.put("DD_DOGSTATSD_PIPELINE_COUNT", "4");
        try (EngineProcess engine = EngineProcess.start(folder.resolve("engine"), environment)) {
            engine.takeUntil("ready");
            engine.registered(200);
            engine.shutdown(2_000);

            assertThat(engine.exitStatus()).isZero();
            assertThat(matching(engine, "DD_METRIC_TAG_FILTERLIST")).hasSize(1);
        }
    }

    @Test
    void whatWasLostWithAnEngineBeforeItIsNamed() throws Exception {
        try (EngineProcess engine = start()) {
            engine.takeUntil("ready");
            byte[] restarted = new byte[8 + 6];
            restarted[0] = 3;
            System.arraycopy("killed".getBytes(StandardCharsets.US_ASCII), 0, restarted, 8, 6);
            engine.send(5, restarted);
            engine.registered(200);
            engine.shutdown(2_000);

            assertThat(engine.exitStatus()).isZero();
            assertThat(matching(engine, "killed")).hasSize(1);
            assertThat(ledger(engine)).contains("\"engine\":3");
        }
    }

    private EngineProcess start() throws IOException, InterruptedException {
        return EngineProcess.start(folder.resolve("engine"), environment());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("DD_API_KEY", "0123456789abcdef");
        environment.put("DD_DD_URL", intake.url());
        environment.put("DD_DOGSLED_FLUSH_BUDGET_MS", "5000");
        return environment;
    }

    private static String ledger(EngineProcess engine) {
        List<String> lines = matching(engine, "DOGSLED ledger {");
        assertThat(lines).as("one ledger line among " + engine.lines()).hasSize(1);
        return lines.getFirst();
    }

    private static List<String> matching(EngineProcess engine, String part) {
        return engine.lines().stream().filter(line -> line.contains(part)).toList();
    }
}
