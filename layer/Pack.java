import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Stream;

/**
 * Packs a folder into a zip that unpacks to the same tree everywhere: {@code java Pack.java folder zip epochSeconds}.
 *
 * <p>Entries are sorted and carry their Unix mode, 0755 for folders and whatever may be executed, 0644 for the rest. Every
 * time is the one given, in UTC as Lambda's sandboxes are, because the JVM may compare a jar's time with the one it saw
 * when the AOT cache was written. The same tree gives the same bytes.
 */
final class Pack {
    private static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> PLAIN = PosixFilePermissions.fromString("rw-r--r--");

    private Pack() {}

    public static void main(String[] args) throws IOException {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        Path folder = Path.of(args[0]);
        Path zip = Path.of(args[1]);
        FileTime time = FileTime.fromMillis(Long.parseLong(args[2]) * 1000);
        Files.deleteIfExists(zip);
        try (FileSystem entries =
                FileSystems.newFileSystem(zip, Map.of("create", "true", "enablePosixFileAttributes", "true"))) {
            for (Path source : sorted(folder)) {
                add(source, entries.getPath(folder.relativize(source).toString()), time);
            }
        }
        nameFileTypes(zip);
    }

    private static List<Path> sorted(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> !path.equals(folder)).sorted().toList();
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
    }

    private static void add(Path source, Path entry, FileTime time) throws IOException {
        boolean executable = Files.isDirectory(source) || Files.isExecutable(source);
        if (Files.isDirectory(source)) {
            Files.createDirectory(entry);
        } else {
            Files.copy(source, entry);
        }
        Files.setPosixFilePermissions(entry, executable ? EXECUTABLE : PLAIN);
        Files.getFileAttributeView(entry, BasicFileAttributeView.class).setTimes(time, time, time);
    }

    /**
     * The JDK writes permissions without the file type, and some unpackers take a mode without a type for none at all.
     *
     * <pre>
     *  central directory: "PK\1\2" … 28 name length, 30 extra length, 32 comment length … 38 mode &lt;&lt; 16 … 46 name
     *  end:               "PK\5\6" … 10 entries … 16 where the central directory begins, 22 bytes without a comment
     * </pre>
     */
    private static void nameFileTypes(Path zip) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(zip.toFile(), "rw")) {
            ByteBuffer bytes = file.getChannel().map(MapMode.READ_WRITE, 0, file.length());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            int end = bytes.limit() - 22;
            int at = bytes.getInt(end + 16);
            for (int left = bytes.getShort(end + 10); left > 0; left--) {
                int nameLength = bytes.getShort(at + 28);
                boolean directory = bytes.get(at + 46 + nameLength - 1) == '/';
                bytes.putInt(at + 38, bytes.getInt(at + 38) | (directory ? 0040000 << 16 | 0x10 : 0100000 << 16));
                at += 46 + nameLength + bytes.getShort(at + 30) + bytes.getShort(at + 32);
            }
        }
    }
}
