package io.dogsled.it;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.engine;
import static io.dogsled.it.Platform.ledger;
import static io.dogsled.it.Platform.matching;
import static io.dogsled.it.Platform.signal;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the packaged layer says about itself: a flood that the kernel drops, self-metrics, debug statistics, health. */
@Timeout(120)
class InsightIT {
    private static final int FLOOD = 2_000;

    private final TestServer intake = TestServer.newTestServer();
    private final int port;
    private final int controlPort;

    InsightIT() throws IOException {
        port = ScriptedFunction.freePort();
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            controlPort = any.getLocalPort();
        }
    }

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void whatTheKernelDroppedIsInTheLedgerInTheMetricsAndInOneLine() throws Exception {
        Emulator emulator = emulator()
                .variable("DD_DOGSTATSD_SO_RCVBUF", "4096")
                .variable("DD_DOGSLED_SELF_METRICS", "true")
                .variable("DD_DOGSTATSD_METRICS_STATS_ENABLE", "true");
        try (ScriptedFunction function = ScriptedFunction.start(emulator, port)) {
            Sandbox sandbox = function.sandbox();
            succeeds(function.invoke("orders:1|c|#n:1"));
            flood(function);
            awaitTheFloodIsRead();
            succeeds(function.invoke("orders:1|c|#n:1"));

            long floodRead = floodRead();
            assertThat(body(ask("GET /ledger")).get("received").asLong()).isEqualTo(2 + floodRead);
            sandbox.shutdown();

            assertThat(sandbox.exitCode(EXTENSION)).hasValue(0);
            JsonNode ledger = new ObjectMapper().readTree(ledger(sandbox));
            long dropped = ledger.get("kernel_dropped").asLong();
            assertThat(dropped).isPositive();
            assertThat(ledger.get("received").asLong() + dropped)
                    .as("emitted = received + dropped by the kernel; " + ledger)
                    .isEqualTo(2 + FLOOD);
            assertThat(ledger.get("delivered").asLong()).isEqualTo(2 + floodRead);
            assertSelfMetrics(ledger);
            assertThat(matching(sandbox, "DD_DOGSTATSD_SO_RCVBUF")).hasSize(1);
            assertThat(matching(sandbox, "DOGSLED stats {")).hasSize(2);
        }
    }

    @Test
    void debugStatisticsAreSwitchedOnWhileTheFunctionRuns() throws Exception {
        try (ScriptedFunction function = ScriptedFunction.start(emulator(), port)) {
            succeeds(function.invoke("orders:1|c"));
            assertThat(ask("GET /dogstatsd-stats")).startsWith("HTTP/1.1 400").contains("not enabled");
            assertThat(ask("POST /dogstatsd-stats?enable=true")).startsWith("HTTP/1.1 200");
            succeeds(function.invoke("orders:1|c|@2"));
            assertThat(body(ask("GET /counters")).at("/notes/rate_out_of_range").asInt())
                    .isEqualTo(1);

            assertThat(body(ask("GET /dogstatsd-stats"))
                            .get("metrics")
                            .get(0)
                            .get("count")
                            .asInt())
                    .isEqualTo(1);
            function.sandbox().shutdown();
            assertThat(matching(function.sandbox(), "DOGSLED notes {\"rate_out_of_range\":1"))
                    .hasSize(1);
            assertThat(intake.intake().countTotal("orders")).isEqualTo(2);
            assertThat(intake.intake().gauges())
                    .as("nothing about itself unless asked for")
                    .isEmpty();
            assertThat(intake.intake().counts()).hasSize(1);
        }
    }

    /** While nobody reads: a dozen datagrams fit into 4 KiB. */
    private static void flood(ScriptedFunction function) throws IOException, InterruptedException {
        ProcessHandle engine = engine(function.sandbox());
        signal("STOP", engine);
        for (int i = 0; i < FLOOD; i++) {
            function.send("flood:1|c".getBytes(StandardCharsets.US_ASCII));
        }
        signal("CONT", engine);
    }

    /** Until nothing more comes: before, the socket may be full, and the kernel would drop what the next invocation sends. */
    private void awaitTheFloodIsRead() {
        AtomicLong before = new AtomicLong(1);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            long received = body(ask("GET /ledger")).get("received").asLong();
            return received > 1 && before.getAndSet(received) == received;
        });
    }

    /** Lines of the flood in the debug statistics. */
    private long floodRead() throws IOException {
        assertThat(ask("GET /health")).startsWith("HTTP/1.1 200 OK");
        JsonNode metrics = body(ask("GET /dogstatsd-stats")).get("metrics");
        assertThat(metrics.findValuesAsText("name")).containsExactly("flood", "orders");
        assertThat(metrics.get(1).get("count").asInt()).isEqualTo(2);
        return metrics.get(0).get("count").asLong();
    }

    private void assertSelfMetrics(JsonNode ledger) {
        assertThat(intake.intake().problems()).isEmpty();
        assertThat(intake.intake().countTotal("datadog.dogsled.received"))
                .isEqualTo(ledger.get("received").asDouble());
        assertThat(intake.intake().countTotal("datadog.dogsled.kernel_dropped"))
                .isEqualTo(ledger.get("kernel_dropped").asDouble());
        assertThat(intake.intake().countTotal("datadog.dogsled.delivered"))
                .as("the last flush sends nothing else, so nothing is missing")
                .isEqualTo(ledger.get("delivered").asDouble());
        assertThat(intake.intake().lastGauge("datadog.dogsled.contexts")).isEqualTo(2);
    }

    private Emulator emulator() {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .freeze(false)
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", String.valueOf(controlPort));
    }

    private String ask(String methodAndPath) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), controlPort)) {
            socket.getOutputStream().write((methodAndPath + " HTTP/1.1\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode body(String answer) throws IOException {
        return new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
    }
}
