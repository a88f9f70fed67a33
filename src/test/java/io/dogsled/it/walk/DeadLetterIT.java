package io.dogsled.it.walk;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Packaged;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.it.flush.Account;
import io.dogsled.it.flush.Arrival;
import io.dogsled.it.flush.Sent;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an intake did not take before the sandbox ended reaches another one out of the log. */
@Timeout(120)
class DeadLetterIT {
    private static final int INVOCATIONS = 4;

    private final TestServer intake = TestServer.newTestServer();
    private final TestServer later = TestServer.newTestServer();
    private final Sent sent = new Sent();
    private final int port;

    @TempDir
    private Path folder;

    DeadLetterIT() throws IOException {
        port = ScriptedFunction.freePort();
    }

    @AfterEach
    void close() {
        intake.close();
        later.close();
    }

    @Test
    void whatABlackHoleSwallowedIsReplayedOutOfTheLogToTheLastValue() throws Exception {
        intake.play(Scenario.everywhere().cut(Scenario.Cut.BLACK_HOLE));
        try (ScriptedFunction function = start(emulator())) {
            Sandbox sandbox = play(function);

            Account account = Account.in(ledger(sandbox)).getFirst();
            assertThat(account.received()).isEqualTo(sent.samples());
            assertThat(account.lost()).isEqualTo(Map.of("dead_lettered", sent.samples()));
            assertThat(account.balances()).isTrue();
            assertThat(matching(sandbox, "DOGSLED deadletter "))
                    .isNotEmpty()
                    .noneMatch(line -> line.contains("0123456789abcdef"));
            assertThat(sandbox.lines())
                    .filteredOn(line -> line.text().startsWith("DOGSLED deadletter "))
                    .allMatch(line -> line.stream() == LogLine.Stream.STDOUT);

            Replay.Result replayed = Replay.into(later, Replay.export(sandbox, folder.resolve("log.txt")));
            assertThat(replayed.exitCode()).as(replayed.said()).isZero();
            Arrival arrival = Arrival.of(sent, later.intake());
            assertThat(arrival.isComplete()).as(arrival + replayed.said()).isTrue();
            assertThat(arrival.surplus()).isEmpty();
            assertThat(later.intake().problems()).isEmpty();
        }
    }

    @Test
    void withoutAKeyOrWithTheSettingAtZeroTheLogStaysSmall() throws Exception {
        intake.play(Scenario.everywhere().status(503));
        for (Map.Entry<String, String> variable :
                Map.of("DD_API_KEY", "", "DD_DOGSLED_DEAD_LETTER_BYTES", "0").entrySet()) {
            Emulator emulator = emulator().variable(variable.getKey(), variable.getValue());
            try (ScriptedFunction function = start(emulator)) {
                Sandbox sandbox = play(function);
                assertThat(matching(sandbox, "DOGSLED deadletter ")).isEmpty();
                assertThat(Account.in(ledger(sandbox)).getFirst().lost()).containsOnlyKeys("shutdown");
            }
        }
    }

    private Sandbox play(ScriptedFunction function) {
        Sandbox sandbox = function.sandbox();
        for (int i = 0; i < INVOCATIONS; i++) {
            succeeds(function.invoke("{}"));
        }
        sandbox.shutdown();
        sent.receivedBefore(sent.batches().size());
        assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
        return sandbox;
    }

    private ScriptedFunction start(Emulator emulator) throws IOException {
        ScriptedFunction[] self = new ScriptedFunction[1];
        self[0] = ScriptedFunction.start(emulator, port, event -> sent.batch(self[0]::send));
        return self[0];
    }

    private Emulator emulator() {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .variable("DD_ENHANCED_METRICS", "false");
    }
}
