package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of a layer is started, and what exec would say to it. */
class ExecutableTest {
    @TempDir
    private Path layer = Path.of("");

    private Path extensions = Path.of("");

    @BeforeEach
    void folder() throws IOException {
        extensions = Files.createDirectory(layer.resolve("extensions"));
    }

    @Test
    void everyEntryButFoldersIsStarted() throws IOException {
        write("b.sh", "#!/bin/sh\n", "rwxr-xr-x");
        write(".hidden", "", "rw-r--r--");
        write("a.jar", "PK", "rw-r--r--");
        Files.createDirectory(extensions.resolve("folder"));
        Files.createSymbolicLink(extensions.resolve("link"), extensions.resolve("b.sh"));

        assertThat(Executable.in(layer))
                .extracting(Executable::name)
                .containsExactly(".hidden", "a.jar", "b.sh", "link");
    }

    @ParameterizedTest
    @CsvSource({
        "'#!/bin/sh', rwxr-xr-x, ''",
        "'#!/bin/sh', rw-r--r--, permission denied",
        "'echo no shebang', rwxr-xr-x, exec format error",
        "'#!/no/such/interpreter', rwxr-xr-x, no such file or directory",
    })
    void aFileThatCannotBeExecutedSaysWhy(String content, String mode, String error) throws IOException {
        write("ext", content + "\n", mode);

        assertThat(Executable.in(layer).getFirst().launchError().orElse("")).endsWith(error);
    }

    @Test
    void aLaunchErrorFailsTheInit() throws IOException {
        write("ext", "no program", "rwxr-xr-x");
        try (Sandbox sandbox = Emulator.newEmulator().layer(layer).start()) {
            Sandbox.InitReport report = sandbox.init();

            assertThat(report.errorType()).isEqualTo("Extension.LaunchError");
            assertThat(report.message()).contains("exec format error");
        }
    }

    @Test
    void anExtensionThatExitsBeforeItRegistersIsACrash() throws IOException {
        write("ext", "#!/bin/sh\nexit 0\n", "rwxr-xr-x");
        try (Sandbox sandbox = Emulator.newEmulator().layer(layer).start()) {
            assertThat(sandbox.init().errorType()).isEqualTo("Extension.Crash");
            assertThat(sandbox.exitCode("ext")).hasValue(0);
        }
    }

    @Test
    void theMagicFileTurnsExtensionsOff() throws IOException {
        write("ext", "no program", "rwxr-xr-x");
        Files.createFile(layer.resolve("disable-extensions-jwigqn8j"));
        try (Sandbox sandbox = Emulator.newEmulator().layer(layer).start()) {
            Scripted.echo(sandbox);
            assertThat(new LambdaClient(sandbox).register("ext").statusCode()).isEqualTo(404);
            assertThat(sandbox.marks(Mark.Kind.EXEC, "ext")).isEmpty();
        }
    }

    private void write(String name, String content, String mode) throws IOException {
        Path file = Files.writeString(extensions.resolve(name), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
