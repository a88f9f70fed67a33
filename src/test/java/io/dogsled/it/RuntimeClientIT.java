package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The local Lambda with AWS's real Java runtime client and the packaged sample, without any extension. */
class RuntimeClientIT {
    private static final Path TARGET = Path.of(System.getProperty("dogsled.target", "target"));

    @Test
    void theSampleAnswersAndTellsWhatItEmitted() throws IOException {
        try (DatagramSocket statsd = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Sandbox sandbox = emulator("io.dogsled.sample.SampleHandler", statsd.getLocalPort())
                        .start()) {
            Invocation.Result first = sandbox.invoke(event("order-large"));
            Invocation.Result second = sandbox.invoke(event("order-refused"));

            assertThat(first.outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
            assertThat(first.coldStart()).isTrue();
            for (String type :
                    new String[] {"count", "gauge", "histogram", "timing", "set", "distribution", "event", "check"}) {
                assertThat(first.body()).contains("\\\"type\\\":\\\"" + type + "\\\"");
            }
            assertThat(first.body()).contains("shop.cold_starts");
            assertThat(second.body()).contains("\"statusCode\":400").doesNotContain("shop.cold_starts");
            assertThat(sandbox.violations()).isEmpty();
            assertThat(sandbox.marks(Mark.Kind.FREEZE, "platform")).hasSize(2);
            sandbox.shutdown();
            assertThat(sandbox.exitCode("runtime")).isPresent();
        }
    }

    @Test
    void aHandlerThatIsNotThereIsAnInitError() {
        try (Sandbox sandbox = emulator("io.dogsled.sample.NoSuchHandler", 9).start()) {
            Invocation.Result result = sandbox.invoke("{}");

            assertThat(result.outcome()).isNotEqualTo(Invocation.Outcome.SUCCESS);
            assertThat(result.body()).contains("NoSuchHandler");
        }
    }

    private static Emulator emulator(String handler, int statsdPort) {
        return Emulator.newEmulator()
                .javaFunction(TARGET.resolve("runtime-client"), TARGET.resolve("dogsled-sample.jar"), handler)
                .timeout(Duration.ofSeconds(20))
                .variable("DD_DOGSTATSD_PORT", Integer.toString(statsdPort));
    }

    private static String event(String name) throws IOException {
        String resource = "/io/dogsled/sample/events/" + name + ".json";
        try (InputStream in = RuntimeClientIT.class.getResourceAsStream(resource)) {
            assertThat(in).as(resource).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
