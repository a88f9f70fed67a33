package io.dogsled.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransportSettingsTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    @Test
    void everySettingIsTaken() {
        Config.Dogstatsd server = read(
                "DD_DOGSTATSD_SOCKET", "/tmp/dgram.sock",
                "DD_DOGSTATSD_STREAM_SOCKET", "/tmp/dsd.sock",
                "DD_DOGSTATSD_EOL_REQUIRED", "uds named_pipe",
                "DD_DOGSTATSD_BUFFER_SIZE", "8192",
                "DD_DOGSTATSD_QUEUE_SIZE", "7",
                "DD_STATSD_FORWARD_HOST", "statsd.internal",
                "DD_STATSD_FORWARD_PORT", "9125",
                "DD_DOGSTATSD_STATS_ENABLE", "true",
                "DD_DOGSTATSD_STATS_BUFFER", "60");

        assertThat(server.transports())
                .isEqualTo(new Config.Transports(
                        "/tmp/dgram.sock",
                        "/tmp/dsd.sock",
                        true,
                        8_192,
                        7,
                        new Config.Forward("statsd.internal", 9_125),
                        60));
        assertThat(server.eolRequired()).as("for UDP").isFalse();
        assertThat(problems).isEmpty();
    }

    @Test
    void aBufferOfZeroIsTheDefaultAndALargerOneThanADatagramIsNot() {
        assertThat(read("DD_DOGSTATSD_BUFFER_SIZE", "0").transports().bufferBytes())
                .isEqualTo(65_536);
        assertThat(problems).isEmpty();
        assertThat(read("DD_DOGSTATSD_BUFFER_SIZE", "65537").transports().bufferBytes())
                .isEqualTo(65_536);
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_BUFFER_SIZE=\"65537\" is not usable: expected a whole number from 0 to"
                        + " 65536; using 65536");
    }

    @Test
    void aPathThatNoSocketCanHaveIsNone() {
        String longest = "/" + "s".repeat(106);
        assertThat(read("DD_DOGSTATSD_SOCKET", " " + longest).transports().datagramSocket())
                .isEqualTo(longest);
        assertThat(problems).isEmpty();
        for (String path : List.of(longest + "s", "dsd.socket", "unix:///tmp/dsd.socket")) {
            assertThat(read("DD_DOGSTATSD_SOCKET", path).transports().datagramSocket())
                    .isEmpty();
        }
        assertThat(lines())
                .hasSize(3)
                .last()
                .isEqualTo("DD_DOGSTATSD_SOCKET=\"unix:///tmp/dsd.socket\" is not usable: expected a path from / on, of"
                        + " at most 107 bytes, without unix://; using no socket");
    }

    @Test
    void onePathForBothSocketsIsTheDatagramSockets() {
        Config.Transports transports = read("DD_DOGSTATSD_SOCKET", "/tmp/s", "DD_DOGSTATSD_STREAM_SOCKET", "/tmp/s")
                .transports();

        assertThat(transports.datagramSocket()).isEqualTo("/tmp/s");
        assertThat(transports.hasStreamSocket()).isFalse();
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_STREAM_SOCKET=\"/tmp/s\" is not usable: expected another path than"
                        + " DD_DOGSTATSD_SOCKET, which keeps it; using no stream socket");
    }

    @Test
    void aNamedPipeIsRefusedInOneClearLine() {
        assertThat(read("DD_DOGSTATSD_PIPE_NAME", "dogstatsd").transports()).isEqualTo(Config.Transports.UDP_ALONE);
        assertThat(lines())
                .containsExactly("DD_DOGSTATSD_PIPE_NAME=\"dogstatsd\" is not usable: expected no value, because named"
                        + " pipes exist on Windows only; using no pipe");
    }

    @Test
    void halfAnAddressForwardsNothing() {
        assertThat(read("DD_STATSD_FORWARD_HOST", "h").transports().forward().isOn())
                .isFalse();
        assertThat(read("DD_STATSD_FORWARD_PORT", "1").transports().forward().isOn())
                .isFalse();
        assertThat(lines())
                .containsExactly(
                        "DD_STATSD_FORWARD_PORT is not set: expected a value, because the other half of the address is"
                                + " set; using no forwarding",
                        "DD_STATSD_FORWARD_HOST is not set: expected a value, because the other half of the address is"
                                + " set; using no forwarding");
    }

    @Test
    void aPortThatIsNoneIsSaidOnce() {
        assertThat(read("DD_STATSD_FORWARD_HOST", "h", "DD_STATSD_FORWARD_PORT", "99999")
                        .transports()
                        .forward()
                        .isOn())
                .isFalse();
        assertThat(lines())
                .containsExactly("DD_STATSD_FORWARD_PORT=\"99999\" is not usable:"
                        + " expected a whole number from 0 to 65535; using 0");
    }

    @Test
    void portZeroIsNoPort() {
        read("DD_STATSD_FORWARD_HOST", "h", "DD_STATSD_FORWARD_PORT", "0");
        assertThat(lines())
                .containsExactly("DD_STATSD_FORWARD_PORT=\"0\" is not usable:"
                        + " expected a value, because the other half of the address is set; using no forwarding");
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (ConfigProblem problem : problems) {
            lines.add(problem.line());
        }
        return lines;
    }

    private Config.Dogstatsd read(String... variablesAndValues) {
        Map<String, String> environment = new HashMap<>();
        environment.put("DD_API_KEY", "key");
        for (int i = 0; i < variablesAndValues.length; i += 2) {
            environment.put(variablesAndValues[i], variablesAndValues[i + 1]);
        }
        return ConfigReader.read(environment, problems).dogstatsd();
    }
}
