package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mode;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import io.dogsled.testserver.DecodedPayload;
import io.dogsled.testserver.IntakeView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ENV: the variables that the platform and the customer set, and those that are missing. */
@Timeout(60)
class EnvironmentIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    /** The customer sets them for the function, and the platform hands them to every extension. */
    @Test
    @ContractCase("ENV-01")
    void whatIsMeantForTheFunctionsJvmDoesNotReachOurs() {
        trial.with("JAVA_TOOL_OPTIONS", "-javaagent:/nonexistent.jar")
                .with("_JAVA_OPTIONS", "-Xmx4000g")
                .with("JDK_JAVA_OPTIONS", "--bogus")
                .with("CLASSPATH", "/nonexistent.jar")
                .with("JAVA_HOME", "/nonexistent");
        runs();

        assertThat(trial.sandbox().lines().stream()
                        .filter(line -> line.source().equals(Platform.EXTENSION))
                        .map(LogLine::text))
                .noneMatch(line -> line.contains("Picked up") || line.contains("rror"));
    }

    @Test
    void whatIsMeantForTheFunctionsLinkerDoesNotReachUsEither() throws IOException {
        trial.with("LD_PRELOAD", "/nonexistent.so")
                .with("LD_LIBRARY_PATH", "/nonexistent")
                .with("MALLOC_ARENA_MAX", "nonsense")
                .with("PATH", "")
                .with("LANG", "C")
                .with("TZ", "Nowhere/Nowhere")
                .with("JAVA_TOOL_OPTIONS", "-Xmx9000g");
        trial.warmUp();

        Path environment = Path.of("/proc/" + Platform.engine(trial.sandbox()).pid() + "/environ");
        assertThat(Files.readString(environment).split("\u0000", -1))
                .anyMatch(variable -> variable.startsWith("DD_API_KEY="))
                .noneMatch(variable -> variable.startsWith("LD_"))
                .noneMatch(variable -> variable.startsWith("JAVA_TOOL_OPTIONS="));
        trial.shutdown();
    }

    /** The customer may set up to 4 KB of variables; the platform does not hold itself to that. */
    @Test
    void aLargeEnvironmentIsNoHindrance() {
        for (int i = 0; i < 300; i++) {
            trial.with("FILLER_" + i, "x".repeat(400));
        }
        runs();
    }

    /** The platform gives it as a number of its own choice; nothing may be taken for granted. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.2", "127.99.0.1", "::1"})
    void theApiMayListenOnAnyAddress(String address) throws UnknownHostException {
        trial.emulator().bindAddress(InetAddress.getByName(address));
        runs();
    }

    @Test
    @ContractCase("ENV-03")
    void noProxyIsAsked() {
        String dead = "http://127.0.0.1:9";
        for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy")) {
            trial.with(name, dead);
        }
        trial.with("JAVA_TOOL_OPTIONS", "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9");
        runs();
    }

    @ParameterizedTest
    @ContractCase("ENV-04")
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "127.0.0.1",
                "127.0.0.1:",
                ":9001",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "127.0.0.1:90x",
                "http://127.0.0.1:9001",
                "no.such.host:9001",
                "127.0.0.1:9001/path",
                "user@127.0.0.1:9001",
                "[::1:9001"
            })
    void aMalformedAddressOfTheApiIsOneLineAndTheEnd(String value) {
        endsAtOnce(Map.of("AWS_LAMBDA_RUNTIME_API", value));
    }

    @Test
    void aMissingAddressOfTheApiIsOneLineAndTheEnd() {
        endsAtOnce(Map.of());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @ContractCase("ENV-05")
    void whatProductionGivesIsEnough(Mode mode) {
        trial.emulator().mode(mode).accountId("");
        if (mode == Mode.MANAGED_INSTANCES) {
            trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,100");
        }
        trial.succeeds("orders:1|c\ncarts:2|g|#a:b\nsizes:3|d\n_e{1,1}:a|b\n_sc|up|0");
        trial.shutdown();

        IntakeView intake = trial.intake().intake();
        assertThat(trial.count("orders")).isEqualTo(1);
        assertThat(intake.sketches()).hasSize(1);
        assertThat(tags(intake))
                .allSatisfy(tag -> assertThat(tag)
                        .doesNotContainIgnoringCase("null")
                        .doesNotEndWith(":")
                        .doesNotStartWith(":"));
        assertThat(intake.problems()).isEmpty();
        assertThat(trial.ledger()).contains("\"held\":0,").contains("\"lost\":{}");
    }

    private static List<String> tags(IntakeView intake) {
        return Stream.of(
                        intake.counts().stream().map(one -> one.context().tags()),
                        intake.gauges().stream().map(one -> one.context().tags()),
                        intake.sketches().stream().map(one -> one.context().tags()),
                        intake.events().stream().map(DecodedPayload.Event::tags),
                        intake.checks().stream().map(DecodedPayload.Check::tags))
                .flatMap(lists -> lists)
                .flatMap(List::stream)
                .toList();
    }

    private void runs() {
        trial.warmUp();
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(1);
    }

    private static void endsAtOnce(Map<String, String> environment) {
        try (Launched extension = new Launched(environment)) {
            assertThat(extension.exitCode()).isNotZero();
            assertThat(extension.age()).isLessThan(Duration.ofSeconds(1));
            assertThat(extension.lines()).singleElement().asString().contains("AWS_LAMBDA_RUNTIME_API");
        }
    }
}
