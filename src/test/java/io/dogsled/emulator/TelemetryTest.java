package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.ReceivedPayload;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subscriptions, and what a subscriber gets when; the listener is the test server, which keeps what it is sent. */
class TelemetryTest {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private final TestServer listener = TestServer.newTestServer();
    private final Sandbox sandbox =
            Emulator.newEmulator().scriptedExtension("dogsled").freeze(false).start();
    private final LambdaClient extension = new LambdaClient(sandbox);
    private final CompletableFuture<Void> init = Scripted.init(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
        listener.close();
        init.cancel(true);
    }

    @Test
    void aSubscriptionIsAnsweredWithOkAndOnlyOnce() {
        extension.register("dogsled");

        HttpResponse<String> first = extension.telemetry(subscription());

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo("\"OK\"");
        assertThat(extension.telemetry(subscription()).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"2022-12-13\"       | \"2021-01-01\"",
                "\"platform\"         | \"other\"",
                "[\"platform\"]       | []",
                "\"timeoutMs\":25     | \"timeoutMs\":24",
                "\"maxItems\":1000    | \"maxItems\":999",
                "\"maxBytes\":262144  | \"maxBytes\":1048577",
                "\"HTTP\"             | \"UDP\"",
                "http://              | https://",
            })
    void aSubscriptionOutOfTheSchemaIsRefused(String right, String wrong) {
        extension.register("dogsled");
        assertThat(subscription()).contains(right);

        HttpResponse<String> response = extension.telemetry(subscription().replace(right, wrong));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("ValidationError");
    }

    @Test
    void runtimeDoneComesBeforeTheExtensionPollsAndReportAfter() {
        CompletableFuture<HttpResponse<String>> poll = up();
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{}"));
        poll.join();
        awaitSent("platform.runtimeDone");
        assertThat(text()).contains("platform.initStart", "platform.telemetrySubscription", "platform.start");
        assertThat(text()).as("the report waits for the extension").doesNotContain("platform.report");
        assertThat(invocation.result()).isNotDone();

        CompletableFuture<HttpResponse<String>> next = extension.nextAsync();
        Invocation.Result result = invocation.result().join();
        awaitSent("platform.report");

        assertThat(text())
                .contains("\"type\":\"platform.report\",\"record\":{\"requestId\":\"" + result.requestId()
                        + "\",\"status\":\"success\"");
        assertThat(text()).contains("\"initDurationMs\"");
        assertThat(result.times().runtimeDoneSentNs()).isBetween(result.times().runtimeDoneNs(), System.nanoTime());
        assertThat(next).isNotDone();
    }

    @Test
    void aBatchThatIsRefusedComesAgain() {
        listener.play(Scenario.everywhere().status(503).times(2));
        CompletableFuture<HttpResponse<String>> poll = up();
        awaitSent("platform.initReport");

        assertThat(listener.retried()).isEqualTo(2);
        assertThat(text()).containsOnlyOnce("platform.initStart");
        assertThat(poll).isNotDone();
    }

    @Test
    void batchesCanBeRewrittenAndRepeated() {
        sandbox.rewriteTelemetry(batch -> batch.stream()
                .filter(event -> !event.contains("platform.initStart"))
                .flatMap(event -> List.of(event, event).stream())
                .toList());
        CompletableFuture<HttpResponse<String>> poll = up();
        awaitSent("platform.initReport");

        assertThat(text()).doesNotContain("platform.initStart");
        assertThat(text().split("platform.initReport", -1)).hasSize(3);
        assertThat(poll).isNotDone();
    }

    @Test
    void aRawBodyReachesTheListenerAsItIs() {
        extension.register("dogsled");
        extension.telemetry(subscription());

        assertThat(sandbox.postTelemetry("[{not json")).containsExactly(200);
        assertThat(text()).contains("[{not json");
    }

    @Test
    void afterInitItIsTooLateToSubscribe() {
        CompletableFuture<HttpResponse<String>> poll = up();
        init.join();

        assertThat(extension.telemetry(subscription()).body()).contains("Telemetry.SubscriptionClosed");
        assertThat(poll).isNotDone();
    }

    private CompletableFuture<HttpResponse<String>> up() {
        extension.register("dogsled");
        extension.telemetry(subscription());
        Scripted.echo(sandbox);
        CompletableFuture<HttpResponse<String>> poll = extension.nextAsync();
        init.join();
        return poll;
    }

    private String subscription() {
        return "{\"schemaVersion\":\"2022-12-13\",\"types\":[\"platform\"],"
                + "\"buffering\":{\"timeoutMs\":25,\"maxItems\":1000,\"maxBytes\":262144},"
                + "\"destination\":{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:" + listener.port()
                + "/t\"}}";
    }

    /** Waits until the listener has answered a batch with such an event. */
    private void awaitSent(String type) {
        long deadlineNs = System.nanoTime() + LIMIT.toNanos();
        while (!text().contains(type) && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }
        assertThat(text()).contains(type);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (ReceivedPayload payload : listener.payloads()) {
            text.append(new String(payload.body(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
