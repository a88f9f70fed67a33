package io.dogsled.it;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The layer's zip, unpacked as Lambda does it: with the modes and times of the zip, and then nobody may write any more. */
public final class UnpackedZip {
    /** Our own budget for the zip (docs/benchmarks.md): what a cold sandbox has to fetch. Lambda's limit for an upload is 50 MB. */
    public static final long BUDGET_BYTES = 25_000_000;

    private static final Set<PosixFilePermission> WRITE = EnumSet.of(
            PosixFilePermission.OWNER_WRITE, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private UnpackedZip() {}

    /** Unpacks into a new folder under {@code parent}. */
    public static Path in(Path parent) throws IOException {
        Path opt = Files.createDirectory(parent.resolve("opt"));
        try (FileSystem zip = FileSystems.newFileSystem(zip(), Map.of("enablePosixFileAttributes", "true"))) {
            for (Path entry : tree(zip.getPath("/"))) {
                Path copy = opt.resolve(zip.getPath("/").relativize(entry).toString());
                if (!Files.isDirectory(entry)) {
                    Files.copy(entry, copy);
                    Files.setLastModifiedTime(copy, Files.getLastModifiedTime(entry));
                    Files.setPosixFilePermissions(copy, withoutWriting(Files.getPosixFilePermissions(entry)));
                } else if (!Files.exists(copy)) {
                    Files.createDirectory(copy);
                }
            }
        }
        for (Path path : tree(opt)) {
            Files.setPosixFilePermissions(path, withoutWriting(Files.getPosixFilePermissions(path)));
        }
        return opt;
    }

    /** Gives back what {@link #in} took, so that the folder can be deleted. */
    public static void makeWritable(Path opt) throws IOException {
        for (Path path : tree(opt)) {
            if (Files.isDirectory(path)) {
                Files.setPosixFilePermissions(path, EnumSet.allOf(PosixFilePermission.class));
            }
        }
    }

    /** The one zip the build made. */
    public static Path zip() throws IOException {
        try (Stream<Path> files = Files.list(Packaged.file(""))) {
            return files.filter(file -> file.getFileName().toString().matches("dogsled-layer-\\w+\\.zip"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.toList();
        }
    }

    private static Set<PosixFilePermission> withoutWriting(Set<PosixFilePermission> granted) {
        Set<PosixFilePermission> rest = EnumSet.copyOf(granted);
        rest.removeAll(WRITE);
        return rest;
    }
}
