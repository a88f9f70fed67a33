import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A control group for processes that are measured: first in line for the CPU (a sandbox has no neighbours), or with no more than a
 * share of a core, as in a small sandbox. Versions 1 and 2 of control groups, where this process may make one; elsewhere there
 * is none, and the figures are noisier.
 */
final class Group implements AutoCloseable {
    /** Where the controller of the CPU may be: alone, together with its accountant, or in the one tree of version 2. */
    private static final List<Path> ROOTS =
            List.of(Path.of("/sys/fs/cgroup/cpu"), Path.of("/sys/fs/cgroup/cpu,cpuacct"), Path.of("/sys/fs/cgroup"));

    /** Lambda's own: a sandbox of 128 MB runs for a good millisecond and then waits for the rest of it. */
    private static final int PERIOD_US = 20_000;

    private final Path folder;
    private final String what;

    private Group(Path folder, String what) {
        this.folder = folder;
        this.what = what;
    }

    /** First in line for the CPU. */
    static Optional<Group> first() {
        return create("first", 0);
    }

    /** First in line, for {@code cores} x 20 ms of every 20; from 0.05 (the kernel takes no quota below a millisecond) upwards. */
    static Optional<Group> quota(double cores) {
        return create("quota", Math.round(cores * PERIOD_US));
    }

    void add(long pid) throws IOException {
        Files.writeString(file(), Long.toString(pid));
    }

    /** The file that takes the id of a process; a shell may write its own into it before it becomes what is measured. */
    Path file() {
        return folder.resolve("cgroup.procs");
    }

    /** Removes the group; what still runs in it goes back to where everything is. */
    @Override
    public void close() throws IOException {
        for (String pid : Files.readAllLines(file())) {
            try {
                Files.writeString(folder.resolveSibling("cgroup.procs"), pid);
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

    private static Optional<Group> create(String name, long quotaUs) {
        for (Path root : ROOTS) {
            Path folder = root.resolve("dogsled-bench-" + name + "-" + ProcessHandle.current().pid());
            try {
                configure(root, folder, quotaUs);
                String share = quotaUs == 0 ? "first in line" : quotaUs + " µs of every " + PERIOD_US;
                return Optional.of(new Group(folder, "a control group, " + share));
            } catch (IOException notHere) {
                folder.toFile().delete();
            }
        }
        return Optional.empty();
    }

    private static void configure(Path root, Path folder, long quotaUs) throws IOException {
        boolean one = Files.exists(root.resolve("cpu.cfs_quota_us"));
        if (!one) {
            Files.writeString(root.resolve("cgroup.subtree_control"), "+cpu");
        }
        Files.createDirectory(folder);
        if (one) {
            Files.writeString(folder.resolve("cpu.shares"), "100000");
            Files.writeString(folder.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_US));
            Files.writeString(folder.resolve("cpu.cfs_quota_us"), Long.toString(quotaUs == 0 ? -1 : quotaUs));
        } else {
            Files.writeString(folder.resolve("cpu.weight"), "10000");
            Files.writeString(folder.resolve("cpu.max"), (quotaUs == 0 ? "max" : Long.toString(quotaUs)) + " " + PERIOD_US);
        }
    }
}
