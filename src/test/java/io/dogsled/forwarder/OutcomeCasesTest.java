package io.dogsled.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.metrics.ServiceCheck;
import io.dogsled.serializer.Payload;
import io.dogsled.serializer.PayloadSerializer;
import io.dogsled.testing.Case;
import io.dogsled.testing.CasesSource;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;

/** The conformance cases on outcomes: a status, or no connection, and what becomes of the payload. */
class OutcomeCasesTest {
    @ParameterizedTest(name = "{0}")
    @CasesSource("forwarder.outcome")
    void outcome(Case c) {
        try (TestServer server = TestServer.newTestServer()) {
            if (c.input().isInt()) {
                server.play(Scenario.everywhere().status(c.input().asInt()));
            } else {
                assertThat(c.input().asText()).isEqualTo("connect error / timeout");
                server.refuseConnections();
            }
            DeliveryResult result = deliver(server);

            assertThat(word(result.kind()))
                    .as(result.reason())
                    .isEqualTo(c.expect().get("outcome").asText());
        }
    }

    private static DeliveryResult deliver(TestServer server) {
        Clock clock = Clock.system();
        Endpoint endpoint = new Endpoint(server.url(), ApiKeySource.plain("key"), Ambiguous.RESEND);
        ServiceCheck check = new ServiceCheck("up", 0, 0, "", "", List.of());
        Payload payload = new PayloadSerializer(false).checks(List.of(check), 1);
        return new Courier(endpoint, clock).deliver(payload, Deadline.after(clock.nowNs(), 5_000));
    }

    private static String word(DeliveryResult.Kind kind) {
        return switch (kind) {
            case DELIVERED -> "success";
            case REFUSED -> "drop";
            case RETRY -> "retry";
            case AMBIGUOUS -> "ambiguous";
        };
    }
}
