package io.dogsled.dogstatsd.listeners;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The file of a Unix stream socket. What is at its path and is no socket stays there and is an error; so does a socket
 * that somebody listens on; one left behind is replaced; everyone may write to ours, mode 0722 (flush-and-testserver.md, ST4).
 * Owned by the listener's thread, and before its start by whoever starts it.
 */
final class SocketFile {
    private static final int TYPE_BITS = 0170000;
    private static final int SOCKET_TYPE = 0140000;
    private static final int BACKLOG = 128;
    private static final String MODE_0722 = "rwx-w--w-";

    private final Path path;
    private @Nullable Object key;

    SocketFile(String path) {
        this.path = Path.of(path);
    }

    /**
     * A channel that listens at the path.
     *
     * @throws IOException if it cannot; nothing is left behind
     */
    ServerSocketChannel bind() throws IOException {
        removeLeftBehind();
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            channel.bind(UnixDomainSocketAddress.of(path), BACKLOG);
            key = keyOfFile();
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(MODE_0722));
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            unlink();
            throw e;
        }
    }

    /** Whether a client that connects to the path comes to the channel bound last: the file may be gone, or another's. */
    boolean isOurs() {
        try {
            return key != null && key.equals(keyOfFile());
        } catch (IOException gone) {
            return false;
        }
    }

    /** Removes the file if it is ours. */
    void unlink() throws IOException {
        if (isOurs()) {
            Files.deleteIfExists(path);
        }
        key = null;
    }

    private void removeLeftBehind() throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!(Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) instanceof Integer mode)
                || (mode & TYPE_BITS) != SOCKET_TYPE) {
            throw new IOException("there is something at this path that is no socket");
        }
        if (!isOurs()) { // our own channel, though closed, may listen until its selector has noticed
            requireUnused();
        }
        Files.deleteIfExists(path);
    }

    /** Only a refusal shows that no process has the socket; one of another kind, or with a full backlog, is in use. */
    private void requireUnused() throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException nobodyListens) {
            return;
        } catch (IOException otherwise) {
            throw new IOException("it seems in use by another process: " + otherwise.getMessage(), otherwise);
        }
        throw new IOException("in use by another process");
    }

    private @Nullable Object keyOfFile() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }
}
