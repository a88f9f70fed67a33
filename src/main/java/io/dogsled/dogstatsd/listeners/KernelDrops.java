package io.dogsled.dogstatsd.listeners;

import io.dogsled.base.Counter;
import io.dogsled.base.Instruments;
import io.dogsled.base.OncePerMinute;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams that came while the socket was full, so that the kernel dropped them: {@link Counter#KERNEL_DROPPED}, and one line a minute
 * at most. The kernel's count is that of the socket, which outlives an engine.
 *
 * <p>Our own markers can be dropped as well, and nobody has to know: those that are known to be are taken off. A marker is known to be
 * dropped when a later one has come; one that is dropped last stands in the count until then.
 *
 * <p>Any thread. A look reads {@code /proc/net/udp}, which walks the kernel's table of UDP sockets: 116 microseconds with C1 on a busy
 * machine of two virtual cores with more than 16,000 slots in that table. A kernel makes it smaller where there is less memory. A flush looks only when
 * enough came to fill a socket. Nothing of this is loaded before the first look.
 */
final class KernelDrops {
    private final SocketTable table = new SocketTable(Path.of("/proc"));
    private final @Nullable InetAddress address;
    private final int port;
    private final ReceiveLoop loop;
    private final Instruments instruments;
    private final OncePerMinute minute = new OncePerMinute();
    private String inode = "";
    private long counted;
    private long unsaid;
    private boolean puzzled;

    /** Of the socket that is fd 0 if {@code address} is null, otherwise of the socket of this process that is bound there. */
    KernelDrops(@Nullable InetAddress address, int port, ReceiveLoop loop, Instruments instruments) {
        this.address = address;
        this.port = port;
        this.loop = loop;
        this.instruments = instruments;
    }

    /** Looks, and counts what was dropped since the last look. Where the kernel does not tell, nothing is counted. */
    synchronized void count() {
        try {
            if (inode.isEmpty()) {
                inode = address == null ? table.inodeOf(0) : table.inodeOf(address, port);
            }
            long dropped = table.drops(inode) - loop.lostMarks();
            if (dropped > counted) {
                instruments.counters().add(Counter.KERNEL_DROPPED, dropped - counted);
                unsaid += dropped - counted;
                counted = dropped;
            }
            warn();
        } catch (IOException | RuntimeException unknown) {
            if (address != null) { // bound again after it broke: another socket, whose count begins at 0
                inode = "";
                counted = 0;
            }
            if (!puzzled) {
                puzzled = true;
                instruments
                        .log()
                        .debug("what the kernel drops at the socket cannot be counted: " + unknown.getMessage());
            }
        }
    }

    private void warn() {
        if (unsaid == 0 || !minute.isDue(instruments.clock().nowMs())) {
            return;
        }
        instruments
                .log()
                .warn(unsaid
                        + " datagrams came while the socket was full, and the kernel dropped them: the function sends"
                        + " faster than its CPU lets Dogsled read; let it send fewer and larger datagrams, give it more memory,"
                        + " or raise DD_DOGSTATSD_SO_RCVBUF (0 = as large as the kernel allows)");
        unsaid = 0;
    }
}
