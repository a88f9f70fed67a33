package io.dogsled.it.kill;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.engine;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static io.dogsled.it.Platform.signal;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is no reason to end an engine, when no engine may start, and what a dead one leaves behind. */
@Timeout(60)
class FreezeIT {
    private static final Duration LONGER_THAN_THE_GUARD = Trial.BUDGET.multipliedBy(4);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Path CRASH_FILE = Path.of("/tmp/dogsled-crash.log");
    private static final long CRASH_FILE_BYTES = 256 << 10;

    private final TestServer intake = TestServer.newTestServer();
    private final int port;

    FreezeIT() throws IOException {
        port = ScriptedFunction.freePort();
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void aFreezeLongerThanTheGuardsTimeIsNoSilence() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("orders:1|c"));
            ProcessHandle first = engine(sandbox);
            for (int i = 0; i < 4; i++) {
                // every other time the flush is parked: the intake answers after the engine was frozen
                intake.latency(i % 2 == 0 ? Trial.BUDGET.plusMillis(200) : Duration.ZERO);
                succeeds(function.invoke("orders:1|c"));
                pass(LONGER_THAN_THE_GUARD);
            }
            intake.latency(Duration.ZERO);
            succeeds(function.invoke("orders:1|c"));
            assertThat(engine(sandbox)).isEqualTo(first);
            sandbox.shutdown();

            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(matching(sandbox, "engine: stopped")).isEmpty();
            assertThat(intake.intake().countTotal("orders")).isEqualTo(6);
            assertThat(ledger(sandbox)).contains("\"received\":6,\"delivered\":6,\"held\":0");
        }
    }

    @Test
    void noEngineStartsWhileNobodyIsInvokedAndWhatWasSentMeanwhileArrives() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("orders:1|c"));
            invokeUntilDelivered(function, "orders");
            signal("KILL", engine(sandbox));
            await().atMost(LONG)
                    .until(() -> matching(sandbox, "killed by signal 9").size() == 1);
            function.send("meanwhile:1|c".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

            await().during(Duration.ofMillis(400)).atMost(LONG).until(() -> children(sandbox) == 0);
            for (int i = 0; i < 3; i++) {
                succeeds(function.invoke("later:1|c"));
            }
            sandbox.shutdown();

            assertThat(intake.intake().countTotal("meanwhile")).isEqualTo(1);
            assertThat(intake.intake().countTotal("later")).isEqualTo(3);
            assertThat(ledger(sandbox)).contains("\"received\":4,\"delivered\":4,\"held\":0");
        }
    }

    @Test
    void aCrashingJvmLeavesOneFileThatDoesNotGrow() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator().freeze(false), port)) {
            Sandbox sandbox = function.sandbox();
            Files.deleteIfExists(CRASH_FILE);
            for (int death = 1; death <= 2; death++) {
                succeeds(function.invoke("orders:1|c"));
                int deaths = death;
                await().atMost(LONG).until(() -> {
                    succeeds(function.invoke("{}"));
                    return children(sandbox) == 1;
                });
                signal("SEGV", engine(sandbox));
                await().atMost(LONG)
                        .until(() ->
                                matching(sandbox, "; the function goes on, ").size() == deaths);
            }
            sandbox.shutdown();

            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            assertThat(Files.size(CRASH_FILE)).isBetween(1L, CRASH_FILE_BYTES);
            assertThat(Files.readString(CRASH_FILE).split("# A fatal error has been detected", -1))
                    .as("one crash, the last")
                    .hasSize(2);
        }
    }

    /** What is not delivered yet is lost with the engine. */
    private void invokeUntilDelivered(ScriptedFunction function, String name) {
        await().atMost(LONG).until(() -> {
            succeeds(function.invoke("warm:1|c"));
            return intake.intake().countTotal(name) == 1;
        });
    }

    private static long children(Sandbox sandbox) {
        return sandbox.pid(EXTENSION)
                .flatMap(ProcessHandle::of)
                .map(launcher -> launcher.children().count())
                .orElse(0L);
    }

    /** Time is what has to pass here, and nothing else tells that it has. */
    private static void pass(Duration time) {
        long untilNs = System.nanoTime() + time.toNanos();
        await().atMost(LONG).until(() -> System.nanoTime() >= untilNs);
    }

    private Emulator emulator() {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_FLUSH_BUDGET_MS", String.valueOf(Trial.BUDGET.toMillis()))
                .variable("DD_DOGSLED_CONTROL_PORT", "0");
    }
}
