package io.dogsled.it.kill;

import io.dogsled.it.Packaged;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/**
 * A copy of the packaged layer, of hard links, in which one thing is not as it should be. What is changed is a file of its own
 * first, so that the packaged layer stays as it is.
 */
final class KillLayer {
    private static final String JAVA = "jre/bin/java";
    private static final String JAR = "dogsled.jar";
    private static final String CACHE = "dogsled.aot";
    private static final String OPTIONS = "jvm.options";
    private static final String JVM = "jre/lib/server/libjvm.so";

    /** Enough of an ELF file for a machine that this is not: the kernel looks at no more before it refuses. */
    private static final int OTHER_MACHINE = 0xf3;

    private static final int MACHINE_AT = 18;

    private final Path root;
    private final Path engine;

    private KillLayer(Path root) {
        this.root = root;
        this.engine = root.resolve("dogsled");
    }

    /** The layer for a cell, under {@code folder}; {@code standIn} is the jar that {@link #compileStandIn} made. */
    static KillLayer of(Cell cell, Path folder, Path standIn) throws IOException {
        KillLayer layer = new KillLayer(folder.resolve("layer"));
        linkAll(Packaged.layer(), layer.root);
        if (cell.blow().isOfTheLayer()) {
            layer.damage(cell.blow());
        } else if (!cell.blow().isSignal()) {
            layer.replaceEngine(cell, standIn);
        }
        return layer;
    }

    Path root() {
        return root;
    }

    /** The file at which the engine that stands in goes wrong. */
    Path trigger() {
        return root.resolve("trigger");
    }

    /** Compiles the engine that goes wrong; returns its jar. */
    static Path compileStandIn(Path folder) throws IOException {
        Path source = folder.resolve("ExtensionMain.java");
        try (InputStream in =
                Objects.requireNonNull(KillLayer.class.getResourceAsStream("ExtensionMain.java"), "the stand-in")) {
            Files.copy(in, source);
        }
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "-proc:none", source.toString());
        if (status != 0) {
            throw new IOException("the stand-in does not compile");
        }
        Path jar = folder.resolve("stand-in.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> classes = Files.list(folder.resolve("io/dogsled"))) {
            for (Path file : classes.toList()) {
                out.putNextEntry(new JarEntry("io/dogsled/" + file.getFileName()));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    private void damage(Blow blow) throws IOException {
        switch (blow) {
            case NO_BINARY -> Files.delete(engine.resolve(JAVA));
            case NO_RUNTIME -> deleteTree(engine.resolve("jre"));
            case WRONG_ARCHITECTURE -> patch(JAVA, MACHINE_AT, new byte[] {(byte) OTHER_MACHINE, 0});
            case NOT_EXECUTABLE ->
                Files.setPosixFilePermissions(own(JAVA), PosixFilePermissions.fromString("rw-r--r--"));
            case EMPTY_BINARY -> truncate(JAVA, 0);
            case EMPTY_JAR -> truncateUncached(0);
            case TRUNCATED_JAR -> truncateUncached(Files.size(engine.resolve(JAR)) / 2);
            case EMPTY_JAR_BUT_CACHED -> truncate(JAR, 0);
            case TRUNCATED_JVM -> truncate(JVM, Files.size(engine.resolve(JVM)) / 2);
            case UNKNOWN_OPTION -> appendOptions("-XX:+NoSuchOption");
            case CACHE_MISSING -> Files.delete(engine.resolve(CACHE));
            case CACHE_EMPTY -> truncate(CACHE, 0);
            case CACHE_TRUNCATED -> truncate(CACHE, Files.size(engine.resolve(CACHE)) / 2);
            case CACHE_HEADER -> patch(CACHE, 0, noise(64));
            case CACHE_BODY -> patch(CACHE, Files.size(engine.resolve(CACHE)) / 2, noise(1 << 20));
            case CACHE_OF_ANOTHER_JAR ->
                Files.setLastModifiedTime(own(JAR), FileTime.fromMillis(System.currentTimeMillis()));
            case CACHE_OF_OTHER_FLAGS -> appendOptions("-XX:ObjectAlignmentInBytes=16");
            default -> throw new IllegalArgumentException(blow + " is nothing of the layer");
        }
    }

    private void replaceEngine(Cell cell, Path standIn) throws IOException {
        Files.move(engine.resolve(JAR), engine.resolve("real.jar"));
        Files.copy(standIn, engine.resolve(JAR));
        Files.delete(engine.resolve(CACHE)); // it has an ExtensionMain too, and the JVM would prefer that one
        // the boot loader would find the stand-in for the real engine, too
        List<String> options = Files.readAllLines(engine.resolve(OPTIONS));
        Files.write(
                own(OPTIONS),
                options.stream()
                        .filter(line -> !line.startsWith("-Xbootclasspath"))
                        .toList());
        appendOptions(
                "-Ddogsled.blow=" + cell.blow(),
                "-Ddogsled.starting=" + (cell.state() == Cell.State.STARTING),
                "-Ddogsled.flush=" + (cell.state() == Cell.State.MID_FLUSH ? 100 : 0),
                "-Ddogsled.trigger=" + trigger());
    }

    /** The JVM takes the classes of the cache, whatever has become of the jar. */
    private void truncateUncached(long size) throws IOException {
        Files.delete(engine.resolve(CACHE));
        truncate(JAR, size);
    }

    private void appendOptions(String... options) throws IOException {
        Files.write(own(OPTIONS), List.of(options), StandardOpenOption.APPEND);
    }

    private void truncate(String file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(own(file), StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void patch(String file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(own(file), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    /** The file with the same bytes and attributes, but no longer the packaged layer's. */
    private Path own(String file) throws IOException {
        Path path = engine.resolve(file);
        Path copy = path.resolveSibling(path.getFileName() + ".own");
        Files.copy(path, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.delete(path);
        return Files.move(copy, path);
    }

    private static byte[] noise(int count) {
        byte[] bytes = new byte[count];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static void linkAll(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path copy = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    Files.createDirectories(copy);
                } else {
                    link(copy, path);
                }
            }
        }
    }

    /** A copy where the file system of temporary files is another one. */
    private static void link(Path copy, Path original) throws IOException {
        try {
            Files.createLink(copy, original);
        } catch (IOException anotherFileSystem) {
            Files.copy(original, copy, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
