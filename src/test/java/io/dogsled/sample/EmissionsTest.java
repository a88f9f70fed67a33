package io.dogsled.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.timgroup.statsd.ServiceCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the sample promises: everything has left when the handler returns, and it tells what that was. */
class EmissionsTest {
    @Test
    void everythingHasLeftWhenItIsClosed() throws IOException {
        try (DatagramChannel server = DatagramChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            server.configureBlocking(false);
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            for (int round = 0; round < 10; round++) {
                try (Emissions emissions = Emissions.open(port)) {
                    emitAllTypes(emissions);
                }
                assertThat(linesWithoutWaiting(server))
                        .as("lines in the socket at the moment close returned")
                        .containsExactlyInAnyOrder(
                                "a:1|c|#t:x",
                                "b:2|g|#t:x",
                                "c:1.5|h|#t:x",
                                "d:7|ms|#t:x",
                                "e:cu|s|#t:x",
                                "f:2.5|d|#t:x",
                                "_e{5,4}:title|text|#t:x",
                                "_sc|check|0|#t:x");
            }
        }
    }

    @Test
    void itTellsWhatWasSentAsJson() {
        try (Emissions emissions = Emissions.open(9)) {
            emissions.count("a", 1, "t:x", "u");
            emissions.set("s", "with \"quotes\"");
            assertThat(emissions.sent())
                    .isEqualTo("{\"name\":\"a\",\"type\":\"count\",\"tags\":[\"t:x\",\"u\"],\"value\":1},"
                            + "{\"name\":\"s\",\"type\":\"set\",\"tags\":[],\"value\":\"with \\\"quotes\\\"\"}");
        }
    }

    private static void emitAllTypes(Emissions emissions) {
        emissions.count("a", 1, "t:x");
        emissions.gauge("b", 2, "t:x");
        emissions.histogram("c", 1.5, "t:x");
        emissions.time("d", 7, "t:x");
        emissions.set("e", "cu", "t:x");
        emissions.distribution("f", 2.5, "t:x");
        emissions.event("title", "text", "t:x");
        emissions.check("check", ServiceCheck.Status.OK, "t:x");
    }

    private static List<String> linesWithoutWaiting(DatagramChannel server) throws IOException {
        List<String> lines = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (server.receive(buffer) != null) {
            buffer.flip();
            StandardCharsets.UTF_8.decode(buffer).toString().lines().forEach(lines::add);
            buffer.clear();
        }
        return lines;
    }
}
