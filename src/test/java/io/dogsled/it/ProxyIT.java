package io.dogsled.it;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.succeeds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.LogLine;
import io.dogsled.testing.ConnectProxy;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The layer from its zip, and an intake over TLS whose name only the proxy knows. */
@Timeout(120)
class ProxyIT {
    private static final String INTAKE = "https://intake.example.com";

    @TempDir
    private Path folder = Path.of("");

    private Path opt = Path.of("");

    @BeforeEach
    void unpack() throws Exception {
        opt = UnpackedZip.in(folder);
        keytool("-genkeypair", "-dname", "CN=Intake", "-ext", "san=dns:intake.example.com", "-keyalg", "EC");
        keytool("-exportcert", "-rfc", "-file", folder.resolve("intake.pem").toString());
    }

    @AfterEach
    void makeWritable() throws IOException {
        UnpackedZip.makeWritable(opt);
    }

    @Test
    void whatIsSentGoesThroughTheTunnel() throws Exception {
        try (TestServer intake = intake();
                ConnectProxy proxy =
                        ConnectProxy.closed(URI.create(intake.url()).getPort(), "user", "p@ss");
                ScriptedFunction function = function("http://user:p%40ss@127.0.0.1:" + proxy.port())) {
            succeeds(function.invoke("orders:1|c"));
            await().atMost(Duration.ofSeconds(30)).until(() -> intake.intake().countTotal("orders") == 1);

            assertThat(proxy.heads())
                    .first()
                    .asString()
                    .startsWith("CONNECT intake.example.com:443 HTTP/1.1\r\nHost: intake.example.com:443\r\n");
            assertThat(lines(function)).noneMatch(line -> line.contains("WARN"));
        }
    }

    @Test
    void aProxyThatLetsNobodyInIsNamedWithoutThePassword() throws Exception {
        try (TestServer intake = intake();
                ConnectProxy proxy =
                        ConnectProxy.closed(URI.create(intake.url()).getPort(), "user", "right");
                ScriptedFunction function = function("http://user:hidden@127.0.0.1:" + proxy.port())) {
            succeeds(function.invoke("orders:1|c"));
            function.sandbox().shutdown();

            assertThat(intake.total()).isZero();
            assertThat(lines(function))
                    .anyMatch(line ->
                            line.contains("the proxy http://127.0.0.1:" + proxy.port()) && line.contains("(407)"))
                    .noneMatch(line -> line.contains("hidden"));
        }
    }

    private TestServer intake() throws IOException {
        return TestServer.start(TestServer.Options.defaults().withKeystore(folder.resolve("intake.p12"), "changeit"));
    }

    private ScriptedFunction function(String proxy) throws Exception {
        int port = ScriptedFunction.freePort();
        Emulator emulator = Emulator.newEmulator()
                .layer(opt)
                .variable("DD_API_KEY", "key")
                .variable("DD_DD_URL", INTAKE)
                .variable("HTTPS_PROXY", proxy)
                .variable("DD_TLS_CERT_FILE", folder.resolve("intake.pem").toString())
                .variable("DD_DOGSTATSD_PORT", Integer.toString(port))
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .freeze(false);
        return ScriptedFunction.start(emulator, port);
    }

    private void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", folder.resolve("intake.p12").toString()));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", "changeit", "-alias", "intake"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static List<String> lines(ScriptedFunction function) {
        return function.sandbox().lines().stream()
                .filter(line -> line.source().equals(EXTENSION))
                .map(LogLine::text)
                .toList();
    }
}
