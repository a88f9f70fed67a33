package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AOT cache of the zip: in use wherever it is unpacked, read-only, for any user, in any time zone; and refused aloud when
 * anything it was trained on differs. {@code make layer} asks the same of what it packs ({@code layer/check-cache.sh}).
 */
@Timeout(60)
class AotCacheIT {
    private static final List<String> NOBODY = List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups");

    @TempDir
    private Path folder = Path.of("");

    private Path opt = Path.of("");

    @BeforeEach
    void unpack() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        opt = UnpackedZip.in(folder);
    }

    @AfterEach
    void makeWritable() throws IOException {
        UnpackedZip.makeWritable(opt);
    }

    @Test
    void everyClassBeforeReadyAndEveryClassOfOursComesFromTheCacheWherever() throws Exception {
        BareEngine engine = BareEngine.live(opt, anotherUser(), BareEngine.options(opt), "-XX:AOTMode=on");

        assertThat(engine.loadedBeforeReady()).hasSizeGreaterThan(400).allMatch(BareEngine::isFromCache);
        assertThat(engine.loaded().stream().filter(line -> line.startsWith("io.dogsled.")))
                .allMatch(BareEngine::isFromCache);
    }

    @Test
    void theTimesInTheZipAreThoseTheCacheKnows() throws IOException {
        assertThat(Files.getLastModifiedTime(opt.resolve("dogsled/dogsled.jar")))
                .isEqualTo(Files.getLastModifiedTime(Packaged.layer().resolve("dogsled/dogsled.jar")));
    }

    @Test
    void aJarOfAnotherTimeIsRefusedInALineAndTheEngineStarts() throws Exception {
        Files.setLastModifiedTime(opt.resolve("dogsled/dogsled.jar"), FileTime.fromMillis(0));

        BareEngine engine = BareEngine.live(opt, List.of(), BareEngine.options(opt));

        assertThat(engine.said()).anyMatch(line -> line.contains("'dogsled.jar', timestamp has changed"));
        assertThat(engine.loadedBeforeReady()).noneMatch(BareEngine::isFromCache);
        assertThat(check()).as("what make layer does").contains("timestamp has changed", "refuses the AOT cache");
    }

    @Test
    void anotherOptionIsRefusedInALineAndTheEngineStarts() throws Exception {
        BareEngine engine = BareEngine.live(opt, List.of(), BareEngine.options(opt), "-XX:+UseCompactObjectHeaders");

        assertThat(engine.said()).anyMatch(line -> line.contains("UseCompactObjectHeaders"));
        assertThat(engine.loadedBeforeReady()).noneMatch(BareEngine::isFromCache);
        assertThat(BareEngine.live(
                                opt,
                                List.of(),
                                BareEngine.options(opt),
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:AOTMode=on")
                        .status())
                .as("status under AOTMode=on")
                .isNotZero();
    }

    @Test
    void aTruncatedCacheIsRefusedInALineAndTheEngineStarts() throws Exception {
        UnpackedZip.makeWritable(opt);
        try (RandomAccessFile cache =
                new RandomAccessFile(opt.resolve("dogsled/dogsled.aot").toFile(), "rw")) {
            cache.setLength(cache.length() / 2);
        }

        BareEngine engine = BareEngine.live(opt, List.of(), BareEngine.options(opt));

        assertThat(engine.said()).anyMatch(line -> line.contains("has been truncated"));
        assertThat(engine.loadedBeforeReady()).noneMatch(BareEngine::isFromCache);
    }

    /** The JVM takes it: the size and the time are right. */
    @Test
    void aJarWithOtherBytesOfTheSameSizeAndTimeIsNotPacked() throws Exception {
        Path jar = opt.resolve("dogsled/dogsled.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        byte[] bytes = Files.readAllBytes(jar);
        bytes[bytes.length / 2] ^= 1;
        UnpackedZip.makeWritable(opt);
        Files.delete(jar);
        Files.write(jar, bytes);
        Files.setLastModifiedTime(jar, time);

        assertThat(check()).contains("dogsled.jar: FAILED", "trained on other files");
    }

    @Test
    void theLayerAsBuiltPassesTheCheck() throws Exception {
        assertThat(check()).contains("classes before ready, all from the AOT cache");
    }

    private String check() throws IOException, InterruptedException {
        Path output = folder.resolve("check.txt");
        Process check = new ProcessBuilder(
                        "sh",
                        Packaged.project("layer/check-cache.sh").toString(),
                        opt.resolve("dogsled").toString(),
                        Packaged.file("training").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(check.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output);
        assertThat(check.exitValue() == 0).as(said).isEqualTo(said.contains("all from the AOT cache"));
        return said;
    }

    /** Somebody who owns nothing here, where we may become one. */
    private static List<String> anotherUser() throws IOException {
        boolean root = Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t0\t");
        boolean able = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "setpriv")));
        return root && able ? NOBODY : List.of();
    }
}
