package io.dogsled.dogstatsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.timgroup.statsd.Event;
import com.timgroup.statsd.NonBlockingStatsDClient;
import com.timgroup.statsd.NonBlockingStatsDClientBuilder;
import com.timgroup.statsd.ServiceCheck;
import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DogStatsDServerTest {
    private final Instruments instruments = Settings.instruments();
    private final RecordingSink sink = new RecordingSink(DogStatsDServer.enricher(Settings.defaults(), instruments));

    @Test
    void whatIsSentIsInTheSinkAfterADrain() throws IOException {
        try (DogStatsDServer server = DogStatsDServer.newServer(Settings.defaults(), sink, instruments);
                DatagramSocket client = new DatagramSocket()) {
            for (int i = 0; i < 100; i++) {
                send(client, server.localPort(), "a:" + i + "|c\nb:1|g\n");
            }
            assertThat(server.drain(inMs(5_000))).isTrue();
            assertThat(sink.parsed()).hasSize(200);
            assertThat(instruments.counters().value(Counter.DATAGRAMS))
                    .as("the marker is none")
                    .isEqualTo(100);
        }
    }

    @Test
    void everythingTheOfficialClientSendsArrives() throws IOException {
        try (DogStatsDServer server = DogStatsDServer.newServer(Settings.defaults(), sink, instruments);
                NonBlockingStatsDClient client = client(server.localPort())) {
            sendOneOfEach(client);
            Deadline deadline = inMs(8_000); // the client has threads of its own
            while (received() < 9 && !deadline.isOver(instruments.clock().nowNs())) {
                assertThat(server.drain(deadline)).isTrue();
            }
        }
        assertThat(instruments.counters().sum(Counter.Kind.REJECTED)).isZero();
        assertThat(values(sink.enriched()))
                .containsExactlyInAnyOrder(
                        "counter shop.orders 3.0 0",
                        "gauge shop.depth -2.5 0",
                        "histogram shop.size 7.0 0",
                        "histogram shop.took 12.0 0",
                        "distribution shop.price 9.99 0",
                        "set shop.users joe 0",
                        "counter shop.past 1.0 1700000000");
        assertThat(sink.enriched().getFirst().get("tags").toString()).contains("env:test");
        assertThat(sink.events().getFirst().get("text").asText()).isEqualTo("x\ny");
        assertThat(sink.checks().getFirst().get("message").asText()).isEqualTo("slow");
    }

    @Test
    void withoutAListenerThereIsNoServer() {
        assertThatThrownBy(() -> DogStatsDServer.newServer(Settings.withPort(0), sink, instruments))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("neither udp nor socket")
                .hasMessageContaining("DD_DOGSTATSD_PORT");
        var unbound = new DogStatsDServer.InheritedSocket(0, "Address already in use", payload -> {});
        assertThatThrownBy(
                        () -> DogStatsDServer.newServerlessServer(Settings.withPort(8125), sink, unbound, instruments))
                .isInstanceOf(ServerStartException.class)
                .hasMessage("listening on neither udp nor socket: udp port 8125: Address already in use; "
                        + "stop what uses it or set DD_DOGSTATSD_PORT or DD_BIND_HOST");
    }

    @Test
    void aTakenPortIsNamed() throws IOException {
        try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () -> DogStatsDServer.newServer(Settings.withPort(taken.getLocalPort()), sink, instruments))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("udp 127.0.0.1:" + taken.getLocalPort())
                    .hasMessageContaining("in use");
        }
    }

    private int received() {
        return sink.parsed().size() + sink.events().size() + sink.checks().size();
    }

    private static NonBlockingStatsDClient client(int port) {
        return new NonBlockingStatsDClientBuilder()
                .hostname("127.0.0.1")
                .port(port)
                .prefix("shop")
                .constantTags("env:test")
                .enableTelemetry(false)
                .enableAggregation(false)
                .build();
    }

    private static void sendOneOfEach(NonBlockingStatsDClient client) {
        client.count("orders", 3, "k:v");
        client.gauge("depth", -2.5);
        client.histogram("size", 7);
        client.recordExecutionTime("took", 12);
        client.recordDistributionValue("price", 9.99);
        client.recordSetValue("users", "joe");
        client.countWithTimestamp("past", 1, 1_700_000_000);
        client.recordEvent(Event.builder()
                .withTitle("t")
                .withText("x\ny")
                .withAlertType(Event.AlertType.ERROR)
                .build());
        client.recordServiceCheckRun(ServiceCheck.builder()
                .withName("svc")
                .withStatus(ServiceCheck.Status.WARNING)
                .withMessage("slow")
                .build());
    }

    private static List<String> values(List<ObjectNode> samples) {
        return samples.stream()
                .map(sample ->
                        sample.get("type").asText() + " " + sample.get("name").asText() + " "
                                + sample.path("value").asText(sample.path("raw").asText()) + " "
                                + sample.get("ts").asText())
                .toList();
    }

    private Deadline inMs(long ms) {
        return Deadline.after(instruments.clock().nowNs(), ms);
    }

    private static void send(DatagramSocket client, int port, String datagram) throws IOException {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }
}
