package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in the three jars, and what is not: the extension carries no class it cannot use. */
class JarsIT {
    private static final Path EXTENSION = Packaged.file("dogsled.jar");

    /** What the class files name although the extension never takes that path; each is behind a call nobody makes. */
    private static final List<String> NEVER_REACHED =
            List.of("com.google.protobuf.", "com.fasterxml.jackson.core.internal.shaded.");

    @Test
    void theExtensionHasItsOwnRoomsAndThreeSmallLibraries() throws IOException {
        Set<String> rooms = new TreeSet<>();
        for (String entry : classes(EXTENSION)) {
            String[] parts = entry.split("/", -1);
            rooms.add(entry.startsWith("io/dogsled/") && parts.length > 3 ? "io/dogsled/" + parts[2] : parts[1]);
        }
        assertThat(rooms)
                .contains("io/dogsled/base", "fasterxml", "slf4j", "google")
                .doesNotContain(
                        "io/dogsled/testserver",
                        "io/dogsled/emulator",
                        "io/dogsled/cli",
                        "io/dogsled/sample",
                        "picocli");
    }

    @Test
    void ofProtobufTheExtensionHasTheWriterAlone() throws IOException {
        assertThat(classes(EXTENSION))
                .contains("com/google/protobuf/CodedOutputStream.class")
                .doesNotContain(
                        "com/google/protobuf/CodedInputStream.class", "com/google/protobuf/GeneratedMessageLite.class");
    }

    @Test
    void theRuntimeOfTheLayerHasExactlyTheModulesTheExtensionNeeds() throws IOException {
        List<String> linked = Files.readAllLines(Packaged.project("layer/modules")).stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        String needed = jdeps("--ignore-missing-deps", "--print-module-deps", EXTENSION.toString());
        assertThat(List.of(needed.strip().split(",", -1))).isEqualTo(linked);
    }

    @Test
    void nothingTheExtensionUsesWasLeftOutOfItsJar() {
        Set<String> missing = new TreeSet<>();
        for (String line :
                jdeps("-verbose:class", "-filter:none", EXTENSION.toString()).split("\n", -1)) {
            String[] words = line.strip().split("\\s+", -1);
            if (line.endsWith("not found") && words.length == 5) {
                missing.add(words[2]);
            }
        }
        assertThat(missing).as("jdeps names what is left out").contains("com.google.protobuf.ByteString");
        missing.removeIf(JarsIT::mayBeMissing);
        assertThat(missing).as("classes that are used and not packaged").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dogsled.jar", "dogsled-tools.jar", "dogsled-sample.jar"})
    void annotationsForTheCompilerStayOutOfEveryJar(String jar) throws IOException {
        assertThat(classes(Packaged.file(jar)))
                .isNotEmpty()
                .noneMatch(entry -> entry.startsWith("org/jspecify/"))
                .noneMatch(entry -> entry.toLowerCase(Locale.ROOT).contains("errorprone"));
    }

    private static boolean mayBeMissing(String target) {
        return target.startsWith("org.jspecify.") || NEVER_REACHED.stream().anyMatch(target::startsWith);
    }

    private static List<String> classes(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class"))
                    .toList();
        }
    }

    private static String jdeps(String... arguments) {
        StringWriter out = new StringWriter();
        ToolProvider tool = ToolProvider.findFirst("jdeps").orElseThrow();
        int status = tool.run(new PrintWriter(out), new PrintWriter(out), arguments);
        assertThat(status).as(out.toString()).isZero();
        return out.toString();
    }
}
