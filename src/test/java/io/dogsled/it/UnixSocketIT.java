package io.dogsled.it;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.engine;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static io.dogsled.it.Platform.signal;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.StatsDClient;
import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged layer with a Unix datagram socket, and the official client, which has such sockets, as the sender. The launcher's own
 * tests have the corners; here is what arrives at the intake, and when.
 */
@Timeout(120)
class UnixSocketIT {
    private static final int BURST = 20_000;

    private final TestServer intake = TestServer.newTestServer();

    private final Queue<Exception> errors = new ConcurrentLinkedQueue<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void aBurstIsDeliveredWithItsInvocationAndUdpIsNotNeeded() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), event -> burst())) {
            Sandbox sandbox = function.sandbox();
            for (int i = 1; i <= 3; i++) {
                succeeds(function.invoke("{}"));
                assertThat(intake.intake().countTotal("burst", "a:b"))
                        .as("after invocation " + i)
                        .isEqualTo(i * BURST);
            }
            sandbox.shutdown();

            assertThat(ledger(sandbox))
                    .contains("\"received\":" + 3 * BURST + ",\"delivered\":" + 3 * BURST + ",\"held\":0")
                    .contains("\"lost\":{},\"rejected\":{}");
            assertThat(matching(sandbox, "no metrics are received")).isEmpty();
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(Files.exists(socket())).as("the socket's file").isFalse();
        }
    }

    @Test
    void bothSocketsAreReadAndTheirDatagramsAddUp() throws Exception {
        int port = ScriptedFunction.freePort();
        Emulator emulator = emulator().freeze(false).variable("DD_DOGSTATSD_PORT", String.valueOf(port));
        try (ScriptedFunction function = ScriptedFunction.start(emulator, port)) {
            succeeds(function.invoke(
                    "{}")); // the function's HTTP client and the sender's library do not start side by side
            send(3);
            succeeds(function.invoke("burst:4|c|#a:b"));
            assertThat(intake.intake().countTotal("burst", "a:b")).isEqualTo(7);
            function.sandbox().shutdown();
        }
    }

    @Test
    void whatIsSentWhileNoEngineLivesArrivesWithItsSuccessor() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), event -> {})) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("{}"));
            ProcessHandle first = engine(sandbox);
            assertThat(first.destroyForcibly()).isTrue();
            first.onExit().join();
            send(1_000);
            succeeds(function.invoke("{}"));
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("burst", "a:b")).isEqualTo(1_000);
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void anEngineThatDoesNotReadHoldsNoSenderForLongAndTheLedgerBalances() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), event -> {})) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("{}"));
            signal("STOP", engine(sandbox));
            long startNs = System.nanoTime();
            send(10 * BURST);
            assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(Duration.ofSeconds(5));
            signal("CONT", engine(sandbox));
            succeeds(function.invoke("{}"));
            sandbox.shutdown();

            double arrived = intake.intake().countTotal("burst", "a:b");
            String ledger = ledger(sandbox);
            int lost = Integer.parseInt(ledger.replaceAll(".*\"engine\":([0-9]+).*", "$1"));
            assertThat(arrived).isBetween(1.0, 10.0 * BURST - 1);
            assertThat(lost).isPositive();
            assertThat(ledger).contains("\"received\":" + (int) (arrived + lost) + ",\"delivered\":" + (int) arrived);
        }
    }

    @Test
    void whereNobodySaysTheEndDataLeavesWhenItIsQuiet() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().mode(Mode.RIE), event -> send(10))) {
            succeeds(function.invoke("{}"));
            await().atMost(Duration.ofSeconds(20)).until(() -> intake.intake().countTotal("burst", "a:b") == 10);
            function.sandbox().shutdown();
            assertThat(function.sandbox().exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void aPathThatIsTakenIsOneLineAndUdpGoesOn() throws Exception {
        Files.writeString(socket(), "somebody's");
        int port = ScriptedFunction.freePort();
        try (ScriptedFunction function =
                ScriptedFunction.start(emulator().variable("DD_DOGSTATSD_PORT", String.valueOf(port)), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("orders:1|c"));
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("orders")).isEqualTo(1);
            assertThat(matching(sandbox, "no metrics are received by the Unix datagram socket"))
                    .singleElement()
                    .asString()
                    .contains(socket() + ": it exists and is not a socket; set another path as DD_DOGSTATSD_SOCKET");
            assertThat(Files.readString(socket())).isEqualTo("somebody's");
        }
    }

    @Test
    void aTakenPortIsOneLineAndTheUnixSocketGoesOn() throws Exception {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                ScriptedFunction function = ScriptedFunction.start(
                        emulator().variable("DD_DOGSTATSD_PORT", String.valueOf(taken.getLocalPort())),
                        event -> send(5))) {
            succeeds(function.invoke("{}"));
            assertThat(intake.intake().countTotal("burst", "a:b")).isEqualTo(5);
            function.sandbox().shutdown();

            assertThat(matching(function.sandbox(), "no metrics are received by UDP"))
                    .singleElement()
                    .asString()
                    .contains(": UDP port " + taken.getLocalPort() + ": Address already in use; stop what uses it");
        }
    }

    @Test
    void withoutAnySocketOneLineSaysSo() throws Exception {
        try (ScriptedFunction function =
                ScriptedFunction.start(emulator().variable("DD_DOGSTATSD_SOCKET", ""), event -> {})) {
            succeeds(function.invoke("{}"));
            function.sandbox().shutdown();
            assertThat(matching(function.sandbox(), "no metrics are received"))
                    .singleElement()
                    .asString()
                    .contains("DD_DOGSTATSD_PORT is 0");
        }
    }

    /** So that each line is a datagram of its own. */
    private void burst() {
        send(BURST, "burst:1|c|#a:b\nburst".length());
    }

    private void send(int count) {
        send(count, 8_192);
    }

    /** As many counts of one, in datagrams of up to this size; all of them have left when it returns. */
    private void send(int count, int datagramBytes) {
        try (StatsDClient client = new NonBlockingStatsDClientBuilder()
                .address("unixgram://" + socket())
                .timeout(5_000)
                .maxPacketSizeBytes(datagramBytes)
                .blocking(true)
                .enableAggregation(false)
                .enableTelemetry(false)
                .originDetectionEnabled(false)
                .errorHandler(errors::add)
                .build()) {
            for (int i = 0; i < count; i++) {
                client.count("burst", 1, "a:b");
            }
        }
        assertThat(errors).as("of the client").isEmpty();
    }

    private Path socket() {
        return folder.resolve("dsd.socket");
    }

    /** With a budget that a busy machine keeps: the question is what is in a flush, not how fast it is delivered. */
    private Emulator emulator() {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .timeout(Duration.ofSeconds(30))
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", "5000")
                .variable("DD_DOGSTATSD_PORT", "0")
                .variable("DD_DOGSTATSD_SOCKET", socket().toString())
                .variable("DD_DOGSLED_CONTROL_PORT", "0");
    }
}
