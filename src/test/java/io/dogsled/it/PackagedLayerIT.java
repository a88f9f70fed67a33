package io.dogsled.it;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.engine;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static io.dogsled.it.Platform.signal;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mode;
import io.dogsled.emulator.Sandbox;
import io.dogsled.emulator.Violation;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged layer in the local Lambda: whatever happens to the extension, the function goes on. */
@Timeout(120)
class PackagedLayerIT {
    private static final Duration BUDGET = Duration.ofMillis(250);

    /** What the launcher may take on top of the budget. */
    private static final Duration GRACE = Duration.ofMillis(50);

    private final TestServer intake = TestServer.newTestServer();
    private final int port;

    @TempDir
    private Path folder;

    PackagedLayerIT() throws IOException {
        port = ScriptedFunction.freePort();
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void everyValueArrivesWithItsInvocationAndTheLedgerBalances() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), port)) {
            Sandbox sandbox = function.sandbox();
            for (int i = 1; i <= 5; i++) {
                succeeds(function.invoke("orders:1|c|#n:1"));
            }
            function.send("late:3|c".getBytes(StandardCharsets.US_ASCII));
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("orders", "n:1")).isEqualTo(5);
            assertThat(intake.intake().countTotal("late")).isEqualTo(3);
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(sandbox.violations()).extracting(Violation::who).doesNotContain(EXTENSION);
            assertThat(ledger(sandbox)).contains("\"received\":6,\"delivered\":6,\"held\":0");
        }
    }

    @Test
    void garbageOversizedAndBinaryDatagramsCostOnlyThemselves() throws Exception {
        Random random = new Random(11);
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("{}"));
            for (int i = 0; i < 100; i++) {
                byte[] garbage = new byte[random.nextInt(3_000)];
                random.nextBytes(garbage);
                function.send(garbage);
            }
            function.send(new byte[65_507]);
            function.send(new byte[0]);
            succeeds(function.invoke("orders:1|c\nnonsense\norders:1|c"));
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("orders")).isEqualTo(2);
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void wrongSettingsAndAMissingKeyAreOneLineEach() throws Exception {
        Emulator emulator = emulator()
                .variable("DD_API_KEY", "")
                .variable("DD_SERVERLESS_FLUSH_STRATEGY", "whenever")
                .variable("DD_DOGSLED_TYPO", "1");
        try (ScriptedFunction function = ScriptedFunction.start(emulator, port)) {
            Sandbox sandbox = function.sandbox();
            for (int i = 0; i < 3; i++) {
                succeeds(function.invoke("orders:1|c"));
            }
            sandbox.shutdown();

            assertThat(matching(sandbox, "DD_SERVERLESS_FLUSH_STRATEGY=\"whenever\""))
                    .hasSize(1);
            assertThat(matching(sandbox, "DD_DOGSLED_TYPO=\"1\"")).hasSize(1);
            assertThat(matching(sandbox, "DD_API_KEY")).hasSize(1);
            assertThat(intake.total()).isZero();
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(ledger(sandbox)).contains("\"received\":3,\"delivered\":0,\"held\":0");
        }
    }

    @Test
    void aStoppedEngineHoldsNoInvocationLongerThanTheBudgetAndLosesNothing() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("orders:1|c"));
            signal("STOP", engine(sandbox));

            Invocation.Result stopped = succeeds(function.invoke("orders:1|c"));
            assertThat(stopped.times().afterRuntimeDoneSent()).isLessThan(BUDGET.plus(GRACE));

            signal("CONT", engine(sandbox));
            succeeds(function.invoke("orders:1|c"));
            sandbox.shutdown();
            assertThat(intake.intake().countTotal("orders")).isEqualTo(3);
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void aKilledEngineIsReplacedAndWhatComesAfterwardsArrives() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("before:1|c"));
            ProcessHandle first = engine(sandbox);
            assertThat(first.destroyForcibly()).isTrue();
            first.onExit().join();

            for (int i = 0; i < 5; i++) {
                succeeds(function.invoke("after:1|c"));
            }
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("before")).isEqualTo(1);
            assertThat(intake.intake().countTotal("after")).isEqualTo(5);
            assertThat(matching(sandbox, "killed by signal 9")).isNotEmpty();
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void aMissingJvmIsOneLineAndTheFunctionGoesOn() throws Exception {
        Path layer = layerWithoutJvm();
        try (ScriptedFunction function = ScriptedFunction.start(emulator().layer(layer), port)) {
            Sandbox sandbox = function.sandbox();
            for (int i = 0; i < 3; i++) {
                succeeds(function.invoke("orders:1|c"));
            }
            sandbox.shutdown();

            assertThat(matching(sandbox, "jre/bin/java: No such file or directory; the function goes on"))
                    .hasSize(1);
            assertThat(matching(sandbox, "3 datagrams received and lost")).hasSize(1);
            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(sandbox.violations()).extracting(Violation::who).doesNotContain(EXTENSION);
        }
    }

    @Test
    void aSilentPlatformIsWaitedForOnceAndNeverAgain() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().timeout(Duration.ofSeconds(4)), port)) {
            Sandbox sandbox = function.sandbox();
            sandbox.rewriteTelemetry(batch -> List.of());
            succeeds(function.invoke("orders:1|c"));
            Invocation.Result second = succeeds(function.invoke("orders:1|c"));
            succeeds(function.invoke("orders:1|c"));
            sandbox.shutdown();

            assertThat(second.times().afterRuntime()).isLessThan(BUDGET.plus(GRACE));
            assertThat(intake.intake().countTotal("orders")).isEqualTo(3);
        }
    }

    @Test
    void anIntakeThatRefusesHoldsNobodyAndTheLedgerSaysWhatIsHeld() throws Exception {
        intake.play(Scenario.everywhere().status(503));
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), port)) {
            Sandbox sandbox = function.sandbox();
            for (int i = 0; i < 4; i++) {
                Invocation.Result result = succeeds(function.invoke("orders:1|c"));
                assertThat(result.times().afterRuntimeDoneSent()).isLessThan(BUDGET.plus(GRACE));
            }
            intake.clearScenarios();
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("orders")).isEqualTo(4);
            assertThat(ledger(sandbox)).contains("\"received\":4,\"delivered\":4,\"held\":0");
        }
    }

    @Test
    void theLocalEndpointFlushesOnRequestAndShowsTheLedger() throws Exception {
        int controlPort = freeTcpPort();
        Emulator emulator = emulator().freeze(false).variable("DD_DOGSLED_CONTROL_PORT", String.valueOf(controlPort));
        try (ScriptedFunction function = ScriptedFunction.start(emulator, port)) {
            succeeds(function.invoke("orders:1|c"));
            function.send("orders:2|c".getBytes(StandardCharsets.US_ASCII));

            assertThat(ask(controlPort, "POST /lambda/flush"))
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("{\"flushed\":true,\"delivered\":1,\"held\":0}");

            assertThat(intake.intake().countTotal("orders")).isEqualTo(3);
            assertThat(ask(controlPort, "GET /ledger")).contains("{\"received\":2,\"delivered\":2,\"held\":0");
            function.sandbox().shutdown();
            assertThat(function.sandbox().exitCode(EXTENSION)).hasValue(0);
        }
    }

    @Test
    void managedInstancesFlushAtTheIntervalWithoutAnyEvent() throws Exception {
        Emulator emulator =
                emulator().mode(Mode.MANAGED_INSTANCES).variable("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,200");
        try (ScriptedFunction function = ScriptedFunction.start(emulator, port)) {
            succeeds(function.invoke("orders:1|c"));
            await().atMost(Duration.ofSeconds(20)).until(() -> intake.intake().countTotal("orders") == 1);
            function.send("late:1|c".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(20)).until(() -> intake.intake().countTotal("late") == 1);

            function.sandbox().shutdown();
            assertThat(function.sandbox().exitCode(EXTENSION)).hasValue(0);
            assertThat(function.sandbox().violations())
                    .extracting(Violation::who)
                    .doesNotContain(EXTENSION);
        }
    }

    private static String ask(int controlPort, String methodAndPath) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), controlPort)) {
            socket.getOutputStream().write((methodAndPath + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int freeTcpPort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private Emulator emulator() {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0");
    }

    private Path layerWithoutJvm() throws IOException {
        Path copy = folder.resolve("layer");
        Files.createDirectories(copy.resolve("extensions"));
        Files.createDirectories(copy.resolve(EXTENSION));
        Files.copy(
                Packaged.layer().resolve("extensions/" + EXTENSION),
                copy.resolve("extensions/" + EXTENSION),
                StandardCopyOption.COPY_ATTRIBUTES);
        return copy;
    }
}
