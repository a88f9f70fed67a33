package io.dogsled.flush;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.aggregator.Aggregator;
import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.ConfigReader;
import io.dogsled.dogstatsd.DogStatsDServer;
import io.dogsled.forwarder.Forwarders;
import io.dogsled.http.Network;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;

/** Everything between a datagram and the intake, in one process. */
final class Engine implements AutoCloseable {
    final Config config;
    final Counters counters = new Counters();
    final Aggregator aggregator;
    final Forwarders forwarders;
    final Flusher flusher;
    final Ledger ledger;
    private final Clock clock = Clock.system();
    private final DogStatsDServer server;
    private final DatagramSocket client;

    /** {@code settings}: more variables, each followed by its value. */
    Engine(String intakeUrl, String... settings) throws Exception {
        Map<String, String> environment =
                new HashMap<>(Map.of("DD_API_KEY", "key", "DD_DD_URL", intakeUrl, "DD_DOGSTATSD_PORT", "__random__"));
        environment.put("DD_DOGSLED_DEAD_LETTER_BYTES", "0"); // the standard output is the test runner's
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        config = ConfigReader.read(environment, new ArrayList<>());
        Instruments instruments = new Instruments(clock, counters, new Log(Log.Level.OFF));
        aggregator = new Aggregator(
                config.aggregation(), DogStatsDServer.enricher(config.dogstatsd(), instruments), counters);
        server = DogStatsDServer.newServer(config.dogstatsd(), aggregator, instruments);
        forwarders = Forwarders.of(config, Network.straight(), instruments);
        forwarders.start();
        flusher = new Flusher(server, aggregator, forwarders, instruments);
        ledger = new Ledger(server, counters, aggregator, forwarders);
        client = new DatagramSocket();
    }

    /** One datagram. */
    void send(String lines) throws IOException {
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        client.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), server.localPort()));
    }

    FlushReport flush(long budgetMs) {
        FlushReport report = flusher.flush(in(budgetMs));
        assertBalance();
        return report;
    }

    Deadline in(long ms) {
        return Deadline.after(clock.nowNs(), ms);
    }

    void assertBalance() {
        long sum = counters.value(Counter.DELIVERED) + ledger.held() + counters.sum(Counter.Kind.LOST);
        assertThat(sum).as(ledger.line()).isEqualTo(counters.value(Counter.RECEIVED));
    }

    @Override
    public void close() {
        forwarders.shutdown(in(0));
        server.close();
        client.close();
    }
}
