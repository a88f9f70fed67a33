import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * A layer whose extension gets a share of a core before its first instruction: a shell puts itself into a control group and then
 * becomes the real launcher, of the real layer. Where there is no control group to be had, the processes are stopped for the rest
 * of every 20 ms instead: of wall time, so two busy threads together get twice the share.
 */
final class Share implements AutoCloseable {
    private final Optional<Group> group;
    private final Path layer;

    private Share(Optional<Group> group, Path layer) {
        this.group = group;
        this.layer = layer;
    }

    /** {@code cores} of a core, from 0.05 to 1, for the packaged layer. */
    static Share of(double cores, Path target) throws IOException {
        Optional<Group> group = Boolean.getBoolean("no.groups") ? Optional.empty() : Group.quota(cores);
        String instead = "setsid '" + target.resolve("bench/load").toAbsolutePath() + "' throttle " + Math.round(cores * 100) + " $$ &";
        return of(group, instead, target.resolve("layer"), target.resolve("bench/share"));
    }

    /** All of the machine, in this group if there is one. */
    static Share first(Optional<Group> group, Path layer, Path folder) throws IOException {
        return of(group, "", layer, folder);
    }

    private static Share of(Optional<Group> group, String instead, Path layer, Path folder) throws IOException {
        Path extension = folder.resolve("extensions/dogsled");
        Files.createDirectories(extension.getParent());
        String confine = group.isPresent() ? "echo $$ >'" + group.get().file() + "'" : instead;
        String launcher = layer.resolve("extensions/dogsled").toAbsolutePath().toString();
        Files.writeString(extension, "#!/bin/sh\n" + confine + "\nexec '" + launcher + "'\n");
        Files.setPosixFilePermissions(extension, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new Share(group, folder);
    }

    Path layer() {
        return layer;
    }

    @Override
    public void close() throws IOException {
        if (group.isPresent()) {
            group.get().close();
        }
    }

    @Override
    public String toString() {
        return group.map(Group::toString).orElse("SIGSTOP and SIGCONT, every 20 ms");
    }
}
