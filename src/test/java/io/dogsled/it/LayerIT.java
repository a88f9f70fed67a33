package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The zip as a stranger gets it: unpacked into another folder, read-only, in another time zone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LayerIT {
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
    void holdsOneExtensionThatMayBeExecuted() throws IOException {
        try (Stream<Path> extensions = Files.list(opt.resolve("extensions"))) {
            assertThat(extensions.toList()).containsExactly(opt.resolve("extensions/dogsled"));
        }
        assertThat(opt.resolve("extensions/dogsled")).isExecutable();
        assertThat(opt.resolve("dogsled/jre/bin/java")).isExecutable();
    }

    @Test
    void isTheTreeThatTheProcessTestsRun() throws IOException {
        assertThat(relativePaths(opt)).isEqualTo(relativePaths(Packaged.layer()));
    }

    @Test
    void isSmallEnough() throws IOException {
        assertThat(Files.size(UnpackedZip.zip())).isLessThan(UnpackedZip.BUDGET_BYTES);
    }

    @Test
    void carriesTheLicencesOfWhatItRedistributes() {
        assertThat(opt.resolve("dogsled/LICENSE")).isNotEmptyFile();
        assertThat(opt.resolve("dogsled/THIRD-PARTY")).isNotEmptyFile();
        assertThat(opt.resolve("dogsled/jre/legal/java.base/LICENSE")).isNotEmptyFile();
    }

    @Test
    void theEngineRunsFromTheAotCacheWherever() {
        try (Sandbox sandbox = Emulator.newEmulator()
                .layer(opt)
                .variable("TZ", "Asia/Tokyo")
                .variable("DD_API_KEY", "key")
                .variable("DD_DD_URL", "http://127.0.0.1:9")
                .variable("DD_DOGSTATSD_PORT", "0")
                .variable("DD_DOGSLED_CONTROL_PORT", "0")
                .freeze(false)
                .start()) {
            Thread.ofVirtual().start(sandbox::init);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> engineMaps(sandbox).contains("/dogsled.aot"));
        }
    }

    private static List<String> relativePaths(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.map(path -> tree.relativize(path).toString()).sorted().toList();
        }
    }

    private static String engineMaps(Sandbox sandbox) throws IOException {
        Optional<ProcessHandle> engine = sandbox.pid("dogsled")
                .flatMap(ProcessHandle::of)
                .flatMap(launcher -> launcher.children().findFirst());
        if (engine.isEmpty()) {
            return "";
        }
        try {
            return Files.readString(Path.of("/proc", Long.toString(engine.get().pid()), "maps"));
        } catch (NoSuchFileException gone) {
            return "";
        }
    }
}
