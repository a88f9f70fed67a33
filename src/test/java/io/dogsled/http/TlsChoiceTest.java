package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.testing.StandardError;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which TLS is taken: never none. And whose certificates: of a file that cannot be used, none, and nobody waits for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsChoiceTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLayerWithoutTheLibrarySpeaksTheJdks() throws IOException {
        assertThat(in(folder.resolve("nowhere").toFile())).isInstanceOf(JdkSecure.class);
    }

    @Test
    void aLibraryThatCannotBeUsedLeavesTheJdks() throws IOException {
        Files.writeString(folder.resolve("libdogsledtls.so"), "for another machine");

        assertThat(in(folder.toFile())).isInstanceOf(JdkSecure.class);
    }

    @ParameterizedTest
    @EnumSource
    @ResourceLock(Resources.SYSTEM_ERR)
    void aCertificateFileThatIsNotThere(Kind kind) throws Exception {
        assertThat(complaint(kind, "/nonexistent/x.pem"))
                .containsExactly(
                        "dogsled: DD_TLS_CERT_FILE is \"/nonexistent/x.pem\", which cannot be used (no such file);"
                                + " expected a readable PEM file of certificates; none beside the usual ones is trusted");
    }

    @ParameterizedTest
    @EnumSource
    @ResourceLock(Resources.SYSTEM_ERR)
    void aCertificateFileThatIsAPipeOrAFolder(Kind kind) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();

        for (Path file : List.of(fifo, folder)) {
            assertThat(complaint(kind, file.toString()))
                    .singleElement()
                    .asString()
                    .contains("\"" + file + "\", which cannot be used (not a regular file)");
        }
    }

    @ParameterizedTest
    @EnumSource
    @ResourceLock(Resources.SYSTEM_ERR)
    void aCertificateFileWithoutACertificate(Kind kind) throws Exception {
        Path empty = Files.createFile(folder.resolve("empty.pem"));

        assertThat(complaint(kind, empty.toString())).singleElement().asString().contains("(no certificate");
    }

    private static List<String> complaint(Kind kind, String certFile) throws Exception {
        Tls tls = kind.trusting(certFile, Log.Level.ERROR);
        return StandardError.during(() -> tls.to("intake.example.com", 443, Clock.system())).stream()
                .filter(line -> line.contains("DD_TLS_CERT_FILE"))
                .toList();
    }

    private static Secure in(File place) throws IOException {
        return new Tls(place, "", Tls.Rules.USUAL, new Log(Log.Level.OFF))
                .to("intake.example.com", 443, Clock.system());
    }
}
