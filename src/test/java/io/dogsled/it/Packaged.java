package io.dogsled.it;

import java.nio.file.Path;

/** Where the build put what the process tests work on; Failsafe passes the folder. */
public final class Packaged {
    private static final Path TARGET =
            Path.of(System.getProperty("dogsled.target", "target")).toAbsolutePath();

    private Packaged() {}

    /** A file or folder under {@code target/}. */
    public static Path file(String name) {
        return TARGET.resolve(name);
    }

    /** A file of the project, by its path in the repository. */
    public static Path project(String path) {
        return TARGET.resolveSibling(path);
    }

    /** The layer as {@code /opt} will hold it. */
    public static Path layer() {
        return file("layer");
    }
}
