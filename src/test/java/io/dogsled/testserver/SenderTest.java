package io.dogsled.testserver;

import static io.dogsled.testserver.TestServer.expectResponses;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.testserver.Sender.Event;
import io.dogsled.testserver.Sender.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ported from the Datadog Agent: pkg/trace/writer/sender_test.go, the cases in which the test server is the judge. */
final class SenderTest {
    private static final int CONNECTION_LIMIT = 100;

    private final List<Integer> backoffs = new CopyOnWriteArrayList<>();
    private TestServer server = TestServer.newTestServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void twentyPayloadsThatAreAcceptedAreCountedAsAccepted() {
        try (Sender sender = sender()) {
            push(sender, 20, 200);
        }
        assertCounts(20, 20, 0, 0);
    }

    @Test
    void thePeakNeverExceedsTheConnectionsOfTheSender() {
        server.close();
        server = TestServer.newTestServerWithLatency(Duration.ofMillis(50));
        try (Sender sender = sender()) {
            push(sender, 2 * CONNECTION_LIMIT, 200);
        }
        assertThat(server.peak()).isBetween(2, CONNECTION_LIMIT);
        assertCounts(2 * CONNECTION_LIMIT, 2 * CONNECTION_LIMIT, 0, 0);
    }

    @Test
    void twentyPayloadsThatAreRefusedAreCountedAsFailedAndNotRetried() {
        try (Sender sender = sender()) {
            push(sender, 20, 404);
        }
        assertCounts(20, 0, 0, 20);
    }

    @Test
    void aPayloadIsRetriedUntilItIsAcceptedAndAsksForABackoffBeforeEachAttempt() {
        try (Sender sender = sender()) {
            sender.push(expectResponses(503, 408, 200));
        }
        assertThat(backoffs).containsExactly(0, 1, 2);
        assertCounts(3, 1, 2, 0);
    }

    @Test
    void retriedAcceptedAndRefusedPayloadsAreCountedSideBySide() {
        try (Sender sender = sender()) {
            sender.push(expectResponses(503, 503, 200));
            push(sender, 20, 403);
        }
        assertCounts(23, 1, 2, 20);
    }

    @Test
    void theKeyAndTheUserAgentOfTheSenderArrive() {
        try (Sender sender = sender()) {
            sender.push(expectResponses(200));
        }
        ReceivedPayload payload = server.payloads().getFirst();
        assertThat(payload.headers()).containsEntry("Dd-Api-Key", "123").containsEntry("User-Agent", "testUserAgent");
    }

    @Test
    void theSenderSeesTheSameOutcomesAsTheServer() {
        Sender sender = sender();
        try (sender) {
            sender.push(expectResponses(503, 503, 200));
            push(sender, 2, 200);
            push(sender, 4, 403);
        }
        assertThat(sender.events(Kind.RETRY)).hasSize(2).allMatch(event -> event.status() == 503);
        assertThat(sender.events(Kind.SENT)).hasSize(3);
        assertThat(sender.events(Kind.REJECTED)).hasSize(4).allMatch(event -> event.status() == 403);
        for (Kind kind : Kind.values()) {
            assertThat(sender.events(kind)).allMatch(this::isComplete);
        }
    }

    private boolean isComplete(Event event) {
        return server.url().endsWith(event.host())
                && event.bytes() > "|403".length()
                && event.count() == 1
                && event.durationNs() > 0;
    }

    private Sender sender() {
        return new Sender(server, CONNECTION_LIMIT, backoffs::add);
    }

    private static void push(Sender sender, int times, int status) {
        for (int i = 0; i < times; i++) {
            sender.push(expectResponses(status));
        }
    }

    private void assertCounts(int total, int accepted, int retried, int failed) {
        assertThat(server.total()).as("total").isEqualTo(total);
        assertThat(server.accepted()).as("accepted").isEqualTo(accepted);
        assertThat(server.retried()).as("retried").isEqualTo(retried);
        assertThat(server.failed()).as("failed").isEqualTo(failed);
    }
}
