package io.dogsled.emulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * The command line of AWS's own Java runtime client ({@code aws-lambda-java-runtime-interface-client}), which is what runs a Java
 * function inside Lambda.
 *
 * <p>The client unpacks its native part to one fixed place in {@code /tmp}, where two sandboxes or two users would meet. It also
 * takes a path in a system property, so the native part is unpacked here, for each sandbox in its own folder.
 */
public record JavaRuntime(Path clientFolder, Path functionJar, String handler) {
    private static final String MAIN = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda";
    private static final String NATIVE_PROPERTY =
            "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
    private static final String CLIENT_JAR = "aws-lambda-java-runtime-interface-client.jar";

    /**
     * The command; {@code privateFolder}, which must be there and empty, gets the native part.
     *
     * @throws UncheckedIOException if the folder with the client is not one
     */
    public List<String> command(Path privateFolder) {
        List<String> command = new ArrayList<>();
        command.add(
                Path.of(System.getProperty("java.home", "/usr"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Djava.io.tmpdir=" + privateFolder);
        command.add("-D" + NATIVE_PROPERTY + "=" + unpackNative(privateFolder));
        command.addAll(List.of("-cp", classPath(), MAIN, handler));
        return command;
    }

    private String classPath() {
        try (Stream<Path> jars = Files.list(clientFolder)) {
            List<String> path =
                    new ArrayList<>(List.of(functionJar.toAbsolutePath().toString()));
            jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .sorted()
                    .forEach(jar -> path.add(jar.toAbsolutePath().toString()));
            return String.join(":", path);
        } catch (IOException e) {
            throw new UncheckedIOException("no Java runtime client in " + clientFolder, e);
        }
    }

    private Path unpackNative(Path privateFolder) {
        String arch = System.getProperty("os.arch", "").equals("aarch64") ? "aarch_64" : "x86_64";
        Path library = privateFolder.resolve("libaws-lambda-jni.so");
        try (JarFile jar = new JarFile(clientFolder.resolve(CLIENT_JAR).toFile())) {
            ZipEntry entry = jar.getEntry("jni/libaws-lambda-jni.linux-" + arch + ".so");
            try (InputStream in = jar.getInputStream(entry)) {
                Files.copy(in, library);
            }
            return library;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the native part of " + CLIENT_JAR, e);
        }
    }
}
