package io.dogsled.testserver;

import static io.dogsled.testserver.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dogsled.testserver.Scenario.Cut;
import io.dogsled.testserver.TestServer.Options;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsTest {
    private static final String PASSWORD = "for-this-test-only";

    @TempDir
    private static Path folder;

    private static Path keystore;

    @BeforeAll
    static void makeAKeystore() throws Exception {
        keystore = folder.resolve("server.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "t",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keystore.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void aServerWithAKeystoreSpeaksHttpsAndKeepsTheConnection() throws Exception {
        try (TestServer server = TestServer.start(Options.defaults().withKeystore(keystore, PASSWORD));
                RawClient client = connect(server)) {
            assertThat(server.url()).startsWith("https://127.0.0.1:");
            assertThat(client.send(post("/api/v2/series", "x")).read().status()).isEqualTo(202);
            assertThat(client.send(post("/", "x")).read().status()).isEqualTo(200);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aResetIsAResetUnderTlsToo() throws Exception {
        try (TestServer server = TestServer.start(Options.defaults().withKeystore(keystore, PASSWORD));
                RawClient client = connect(server)) {
            server.play(Scenario.everywhere().cut(Cut.BEFORE_ANSWER));
            client.send(post("/", "x"));
            assertThatThrownBy(client::readByte).isInstanceOf(IOException.class).hasMessageContaining("reset");
        }
    }

    @Test
    void aClientThatSpeaksPlainHttpToItIsCountedAsMalformed() throws Exception {
        try (TestServer server = TestServer.start(Options.defaults().withKeystore(keystore, PASSWORD));
                RawClient client = new RawClient(server)) {
            client.send(post("/", "x"));
            Until.holds(() -> server.malformed() == 1);
            assertThat(server.total()).isZero();
        }
    }

    @Test
    void aKeystoreThatCannotBeUsedIsOneSentenceThatNamesTheFile() throws IOException {
        Path missing = folder.resolve("missing.p12");
        Path nonsense = Files.writeString(folder.resolve("nonsense.p12"), "nonsense");
        assertThatThrownBy(() -> TestServer.start(Options.defaults().withKeystore(missing, PASSWORD)))
                .hasMessage("The keystore " + missing + " is not there or not readable.");
        assertThatThrownBy(() -> TestServer.start(Options.defaults().withKeystore(nonsense, PASSWORD)))
                .hasMessageStartingWith("The keystore " + nonsense + " cannot be used: ");
        assertThatThrownBy(() -> TestServer.start(Options.defaults().withKeystore(keystore, "wrong")))
                .hasMessageStartingWith("The keystore " + keystore + " cannot be used: ");
    }

    private static RawClient connect(TestServer server) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("t", store.getCertificate("t"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return new RawClient(context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port()));
    }
}
