package io.dogsled.it;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layer from its zip, read-only, against an intake with the certificate of the training. */
@Timeout(120)
class TlsIT {
    private static final Path KEYSTORE = Packaged.file("training/trust.p12");
    private static final Path TRUSTED = Packaged.file("training/trust.pem");

    @TempDir
    private Path folder = Path.of("");

    private Path opt = Path.of("");

    @BeforeEach
    void unpack() throws IOException {
        opt = UnpackedZip.in(folder);
    }

    @AfterEach
    void makeWritable() throws IOException {
        UnpackedZip.makeWritable(opt);
    }

    @Test
    void theEngineLoadsItsOwnTlsAndSaysNothing() throws Exception {
        assumeThat(opt.resolve("dogsled/tls"))
                .as("in the layer where libssl-dev is")
                .isDirectory();
        try (TestServer intake = intake();
                ScriptedFunction function = function(intake, TRUSTED.toString())) {
            succeeds(function.invoke("orders:1|c"));
            await().atMost(Duration.ofSeconds(30)).until(() -> intake.intake().countTotal("orders") == 1);

            assertThat(maps(function.sandbox())).contains("libdogsledtls.so");
            assertThat(lines(function.sandbox())).noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    void anIntakeThatNobodyVouchesForGetsNothing() throws Exception {
        try (TestServer intake = intake();
                ScriptedFunction function = function(intake, "")) {
            succeeds(function.invoke("orders:1|c"));
            function.sandbox().shutdown();

            assertThat(intake.total()).isZero();
            assertThat(lines(function.sandbox())).anyMatch(line -> line.contains(intake.url()));
        }
    }

    private static TestServer intake() throws IOException {
        return TestServer.start(TestServer.Options.defaults().withKeystore(KEYSTORE, "training"));
    }

    private ScriptedFunction function(TestServer intake, String trusted) throws Exception {
        int port = ScriptedFunction.freePort();
        Emulator emulator = Emulator.newEmulator()
                .layer(opt)
                .variable("DD_API_KEY", "key")
                .variable("DD_DD_URL", intake.url())
                .variable("DD_TLS_CERT_FILE", trusted)
                .variable("DD_DOGSTATSD_PORT", Integer.toString(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .freeze(false);
        return ScriptedFunction.start(emulator, port);
    }

    private static List<String> lines(Sandbox sandbox) {
        return sandbox.lines().stream()
                .filter(line -> line.source().equals(EXTENSION))
                .map(LogLine::text)
                .toList();
    }

    private static String maps(Sandbox sandbox) throws IOException {
        return Files.readString(
                Path.of("/proc", Long.toString(Platform.engine(sandbox).pid()), "maps"));
    }
}
