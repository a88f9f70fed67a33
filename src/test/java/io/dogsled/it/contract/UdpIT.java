package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** UDP: what is sent is counted or named, whenever it is sent. */
@Timeout(60)
class UdpIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    @ContractCase("UDP-01")
    void aTakenPortCostsTheMetricsAndNothingElse() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(trial.port(), InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            trial.succeeds("orders:1|c");
            trial.succeeds("orders:1|c");
            trial.shutdown();
        }
        assertThat(trial.lines("Address already in use")).hasSize(1);
        assertThat(trial.intake().total()).isZero();
    }

    /** The function's init begins with the registration, long before the engine is there. */
    @Test
    void whatTheFunctionsInitSendsIsReceived() {
        Sandbox sandbox = trial.sandbox();
        CompletableFuture<Void> init = CompletableFuture.runAsync(trial::init);
        assertThat(sandbox.await(Mark.Kind.REGISTERED, Platform.EXTENSION, 1, Trial.LONG))
                .isTrue();
        for (int i = 0; i < 100; i++) {
            trial.send("init:1|c");
        }
        init.join();
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("init")).isEqualTo(100);
        assertThat(trial.count("orders")).isEqualTo(1);
    }

    @Test
    @ContractCase("UDP-03")
    void whatCannotBeReadCostsOnlyItself() throws IOException {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            many.append("many:1|c|#n:").append(i % 10).append('\n');
        }
        int lines = 65_507 / "largest:1|c\n".length();
        String largest = "largest:1|c\n".repeat(lines);
        trial.warmUp();
        trial.send(many.toString());
        trial.send(many.substring(0, many.length() - 13)); // the last line ends in the middle of its name
        trial.function().send("utf:1|c|#a:\u00e9\n\u00ff\u00fe\nutf:2|c".getBytes(StandardCharsets.ISO_8859_1));
        trial.send(largest);
        trial.function().send(new byte[65_507]);
        trial.function().send(new byte[0]);
        trial.succeeds("after:1|c\nnonsense\nafter:x|c\nafter:1|q\n|c\nafter:1|c|@x");
        trial.shutdown();

        assertThat(total("many")).isEqualTo(399);
        assertThat(total("utf")).isEqualTo(3);
        assertThat(total("largest")).isEqualTo(lines);
        assertThat(trial.count("after")).isEqualTo(1);
        assertThat(trial.ledger())
                .contains("\"lost\":{}")
                .contains("\"value\":1", "\"type\":1", "\"rate\":1", "\"kernel_dropped\":0");
    }

    @Test
    @ContractCase("UDP-04")
    void whatIsInTheSocketAtShutdownIsInTheLastFlush() {
        trial.warmUp();
        for (int i = 0; i < 200; i++) {
            trial.send("late:1|c"); // frozen: nobody reads
        }
        trial.shutdown();

        assertThat(trial.count("late")).isEqualTo(200);
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    /** What a function sends after it has answered belongs to whoever comes next. */
    @Test
    void whatIsSentBetweenInvocationsGoesWithTheNext() {
        trial.warmUp();
        trial.send("between:1|c");
        trial.succeeds("orders:1|c");
        assertThat(trial.count("between")).isEqualTo(1);
        assertThat(trial.count("orders")).isEqualTo(1);
        trial.shutdown();
    }

    private double total(String metric) {
        return trial.intake().intake().counts().stream()
                .filter(count -> count.context().metric().equals(metric))
                .mapToDouble(count -> count.total())
                .sum();
    }
}
