import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A control group for the two sides of a measurement, so that they come before other work of this machine (a sandbox has no
 * neighbours), or get half a core. Version 1 of control groups, as root; elsewhere there is none, and the figures are noisier.
 */
final class Group implements AutoCloseable {
    private static final Path ROOT = Path.of("/sys/fs/cgroup/cpu");

    private final Path folder;
    private final String what;

    private Group(Path folder, String what) {
        this.folder = folder;
        this.what = what;
    }

    /** First in line for the CPU. */
    static Optional<Group> first() {
        return create("first", "-1");
    }

    /** First in line, for 50 ms of every 100. */
    static Optional<Group> half() {
        return create("half", "50000");
    }

    void add(long pid) throws IOException {
        Files.writeString(folder.resolve("cgroup.procs"), Long.toString(pid));
    }

    /** Removes the group; what still runs in it goes back to where everything is. */
    @Override
    public void close() throws IOException {
        for (String pid : Files.readAllLines(folder.resolve("cgroup.procs"))) {
            try {
                Files.writeString(ROOT.resolve("cgroup.procs"), pid);
            } catch (IOException ended) {
                // then it is in no group
            }
        }
        Files.deleteIfExists(folder);
    }

    @Override
    public String toString() {
        return what;
    }

    private static Optional<Group> create(String name, String quotaUs) {
        Path folder = ROOT.resolve("dogsled-bench-" + name + "-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(folder);
            Files.writeString(folder.resolve("cpu.shares"), "100000");
            Files.writeString(folder.resolve("cpu.cfs_quota_us"), quotaUs);
            return Optional.of(new Group(folder, "a control group, " + (quotaUs.equals("-1") ? "first in line" : "50 ms of every 100")));
        } catch (IOException none) {
            folder.toFile().delete();
            return Optional.empty();
        }
    }
}
