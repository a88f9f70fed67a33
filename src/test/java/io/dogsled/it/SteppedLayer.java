package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A copy of the packaged layer whose wall clock a sandbox can step ({@code Emulator.steppableClock}); nobody can step that of the
 * machine. The JVM is the one that ships, started with {@code test/step_clock.c} preloaded; the launcher is static, so it is built
 * once more from the same sources with {@code -DDOGSLED_TEST_CLOCK}, which changes {@code clock_wall_ms} and nothing else.
 *
 * <p>What this does not prove: anything about the monotonic clock, which goes on as it does, or about the kernel's own timers.
 */
public final class SteppedLayer {
    private SteppedLayer() {}

    /** Makes one under {@code parent}. */
    public static Path in(Path parent) throws IOException, InterruptedException {
        Path layer = parent.resolve("layer");
        Path built = parent.resolve("built");
        String launcher = Packaged.project("layer/launcher").toString();
        run("cp", "-a", Packaged.layer().toString(), layer.toString());
        run("make", "-s", "-C", launcher, "OUT=" + built, "CFLAGS=-O1 -DDOGSLED_TEST_CLOCK", built + "/dogsled");
        Files.createDirectories(built);
        run(
                "gcc",
                "-std=c11",
                "-D_GNU_SOURCE",
                "-shared",
                "-fPIC",
                "-o",
                built + "/step_clock.so",
                launcher + "/test/step_clock.c");
        run("cp", built + "/dogsled", layer + "/extensions/dogsled");

        Path java = layer.resolve("dogsled/jre/bin/java");
        Path real = java.resolveSibling("java-real");
        Files.move(java, real);
        Files.writeString(java, "#!/bin/sh\nLD_PRELOAD=" + built + "/step_clock.so exec " + real + " \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        return layer;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .directory(new File("/"))
                .start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
