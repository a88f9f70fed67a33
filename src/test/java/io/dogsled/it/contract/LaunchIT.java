package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static io.dogsled.it.Platform.engine;
import static io.dogsled.it.Platform.signal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Violation;
import io.dogsled.it.Packaged;
import io.dogsled.it.UnpackedZip;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LAU: what is in the layer, and what its processes are to the platform. */
@Timeout(60)
class LaunchIT {
    /** Our own budget; Lambda's limit is 250 MB for the function and all of its layers. */
    private static final long UNPACKED_BUDGET_BYTES = 100_000_000;

    private static final Set<PosixFilePermission> EVERYBODY_MAY_RUN = PosixFilePermissions.fromString("r-xr-xr-x");

    @RegisterExtension
    private final Trial trial = new Trial();

    @TempDir
    private Path folder = Path.of("");

    /** The folder of the extension holds nothing else, because the platform executes whatever is in it. */
    @Test
    void theZipHasOneProgramInTheFolderOfExtensionsAndEverybodyMayRunIt() throws IOException {
        Path opt = UnpackedZip.in(folder);
        try {
            assertThat(names(opt)).containsExactlyInAnyOrder("extensions", "dogsled");
            assertThat(names(opt.resolve("extensions"))).containsExactly("dogsled");
            Path program = opt.resolve("extensions/dogsled");
            assertThat(Files.getPosixFilePermissions(program)).containsAll(EVERYBODY_MAY_RUN);
            assertThat(new String(Files.readAllBytes(program), 0, 4, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .as("no interpreter that an image may lack")
                    .isEqualTo("\u007fELF");
        } finally {
            UnpackedZip.makeWritable(opt);
        }
    }

    @Test
    @ContractCase("LAU-02")
    void theLayerFitsWithRoomToSpare() throws IOException {
        assertThat(Files.size(UnpackedZip.zip())).isLessThanOrEqualTo(UnpackedZip.BUDGET_BYTES);
        long unpacked = 0;
        try (Stream<Path> all = Files.walk(Packaged.layer())) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
                unpacked += Files.size(path);
            }
        }
        assertThat(unpacked).isLessThan(UNPACKED_BUDGET_BYTES);
    }

    /** As root the program is started through {@code setpriv}, as user and group 65534 without any capability. */
    @Test
    @ContractCase("LAU-03")
    void itRunsForAnybodyFromAReadOnlyFolderWithoutStdin() throws IOException {
        Path opt = UnpackedZip.in(folder);
        try {
            Map<String, Long> before = filesOf(opt);
            trial.emulator().layer(unprivileged(opt)).closedStdin();
            trial.warmUp();
            trial.succeeds("orders:1|c");
            List<Path> written = new ArrayList<>();
            written.addAll(openForWriting(trial.sandbox().pid(EXTENSION).orElseThrow()));
            written.addAll(openForWriting(engine(trial.sandbox()).pid()));
            trial.shutdown();

            assertThat(written).allMatch(path -> path.startsWith("/tmp") || path.startsWith("/dev"));
            assertThat(filesOf(opt)).isEqualTo(before);
            assertThat(trial.count("orders")).isEqualTo(1);
        } finally {
            UnpackedZip.makeWritable(opt);
        }
    }

    @ParameterizedTest
    @ContractCase("LAU-04")
    @ValueSource(strings = {"my-dd.sh", "my dd", "link:also-dogsled", "link:up/../down"})
    void theNameIsThatOfTheEntryHoweverItIsCalled(String entry) throws IOException {
        boolean link = entry.startsWith("link:");
        String name = entry.replaceFirst("^link:", "").replaceFirst(".*/", "");
        Path program = Packaged.layer().resolve("extensions/dogsled");
        Path place = Files.createDirectories(folder.resolve("extensions")).resolve(name);
        if (link) {
            Files.createSymbolicLink(place, program);
        } else {
            Files.copy(program, place, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            Files.createSymbolicLink(folder.resolve("dogsled"), Packaged.layer().resolve("dogsled"));
        }
        trial.emulator().layer(folder);
        trial.warmUp();
        trial.sandbox().shutdown();

        assertThat(trial.sandbox().marks(Mark.Kind.REGISTERED, name)).hasSize(1);
        assertThat(trial.sandbox().violations()).extracting(Violation::who).doesNotContain(name);
        assertThat(trial.sandbox().exitCode(name)).hasValue(0);
    }

    @Test
    @ContractCase("LAU-07")
    void everyProcessBelongsToTheGroupOfTheOneThatWasStarted() throws IOException {
        trial.warmUp();
        long pid = trial.sandbox().pid(EXTENSION).orElseThrow();
        ProcessHandle launcher = ProcessHandle.of(pid).orElseThrow();

        List<Long> family = Stream.concat(Stream.of(pid), launcher.descendants().map(ProcessHandle::pid))
                .toList();
        assertThat(family).hasSize(2);
        for (long member : family) {
            assertThat(processGroup(member)).as("group of " + member).isEqualTo(pid);
        }
        trial.succeeds("orders:1|c");
        assertThat(launcher.isAlive()).isTrue();
        assertThat(trial.sandbox().pid(EXTENSION)).hasValue(pid);
        trial.shutdown();
        assertThat(launcher.isAlive()).isFalse();
    }

    @Test
    @ContractCase("LAU-08")
    void aKilledGroupLeavesNothingBehind() throws Exception {
        trial.emulator().freeze(false);
        trial.warmUp();
        ProcessHandle launcher =
                ProcessHandle.of(trial.sandbox().pid(EXTENSION).orElseThrow()).orElseThrow();
        ProcessHandle engine = engine(trial.sandbox());

        int status = new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + launcher.pid())
                .inheritIO()
                .start()
                .waitFor();

        assertThat(status).isZero();
        await().atMost(Trial.LONG).until(() -> !launcher.isAlive() && !engine.isAlive());
        assertThat(canBind(trial.port())).isTrue();
    }

    /** The engine has no other way to learn of it. */
    @Test
    void anEngineDoesNotOutliveItsLauncher() throws Exception {
        trial.emulator().freeze(false);
        trial.warmUp();
        ProcessHandle engine = engine(trial.sandbox());

        signal(
                "KILL",
                ProcessHandle.of(trial.sandbox().pid(EXTENSION).orElseThrow()).orElseThrow());

        await().atMost(Trial.LONG).until(() -> !engine.isAlive());
        assertThat(canBind(trial.port())).isTrue();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> String.valueOf(entry.getFileName())).toList();
        }
    }

    /** A layer whose only extension is started as nobody; for a user without rights, the layer itself. */
    private Path unprivileged(Path opt) throws IOException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return opt;
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path wrapped = Files.createDirectories(folder.resolve("wrapped/extensions"));
        Path program = Files.writeString(
                wrapped.resolve("dogsled"),
                "#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set=-all --no-new-privs "
                        + opt.resolve("extensions/dogsled") + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        return folder.resolve("wrapped");
    }

    private static Map<String, Long> filesOf(Path tree) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.toList()) {
                files.put(path.toString(), Files.getLastModifiedTime(path).toMillis());
            }
        }
        return files;
    }

    /** The files, no sockets and pipes, that a process has open for more than reading. */
    private static List<Path> openForWriting(long pid) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String fd : names(Path.of("/proc/" + pid + "/fd"))) {
            try {
                Path target = Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + fd));
                String info = Files.readString(Path.of("/proc/" + pid + "/fdinfo/" + fd));
                boolean reads =
                        info.lines().filter(line -> line.startsWith("flags:")).allMatch(line -> line.endsWith("0"));
                if (target.isAbsolute() && !reads) {
                    files.add(target);
                }
            } catch (NoSuchFileException closed) {
                // it was open for a moment only
            }
        }
        return files;
    }

    private static long processGroup(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[2]);
    }

    private static boolean canBind(int port) {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return socket.isBound();
        } catch (SocketException taken) {
            return false;
        }
    }
}
