package io.dogsled.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What Lambda would execute in a layer: every entry directly in {@code extensions/} that is not a directory, dot files and stray
 * jars included. {@code exec} of each must work as it stands: neither {@code setsid} nor a shell may rescue a file that the
 * platform could not start.
 */
record Executable(String name, Path file) {
    private static final String MAGIC_FILE = "disable-extensions-jwigqn8j";

    /** The extensions of an unpacked layer in the order of their names; none without the folder. */
    static List<Executable> in(Path layer) {
        Path folder = layer.resolve("extensions");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> !Files.isDirectory(entry))
                    .sorted()
                    .map(entry -> new Executable(String.valueOf(entry.getFileName()), entry.toAbsolutePath()))
                    .toList();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot list " + folder, e);
        }
    }

    /** False if the layer holds the platform's magic file that turns extensions off. */
    static boolean enabled(Path layer) {
        return !Files.exists(layer.resolve(MAGIC_FILE));
    }

    /** Why the platform could not exec the file; empty if it could. */
    Optional<String> launchError() {
        if (!Files.isRegularFile(file)) {
            return Optional.of("fork/exec " + file + ": no such file or directory");
        }
        if (!Files.isExecutable(file)) {
            return Optional.of("fork/exec " + file + ": permission denied");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] head = in.readNBytes(256);
            String text = new String(head, StandardCharsets.ISO_8859_1);
            if (text.startsWith("\u007fELF")) {
                return Optional.empty();
            }
            if (!text.startsWith("#!")) {
                return Optional.of("fork/exec " + file + ": exec format error");
            }
            String interpreter =
                    text.lines().findFirst().orElse("").substring(2).trim().split("\\s", 2)[0];
            return Files.isExecutable(Path.of(interpreter))
                    ? Optional.empty()
                    : Optional.of("fork/exec " + file + ": no such file or directory");
        } catch (IOException e) {
            return Optional.of("fork/exec " + file + ": " + e.getMessage());
        }
    }
}
