package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which TLS is taken: never none. */
class TlsChoiceTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLayerWithoutTheLibrarySpeaksTheJdks() throws IOException {
        assertThat(in(folder.resolve("nowhere").toFile())).isInstanceOf(JdkSecure.class);
    }

    @Test
    void aLibraryThatCannotBeUsedLeavesTheJdks() throws IOException {
        Path another = Path.of(System.getProperty("java.home"), "lib", "libprefs.so");
        Files.copy(another, folder.resolve("libdogsledtls.so"));

        assertThat(in(folder.toFile())).isInstanceOf(JdkSecure.class);
    }

    private static Secure in(File place) throws IOException {
        return new Tls(place, "", new Log(Log.Level.OFF)).to("intake.example.com", 443, Clock.system());
    }
}
