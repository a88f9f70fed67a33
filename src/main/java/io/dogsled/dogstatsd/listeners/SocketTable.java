package io.dogsled.dogstatsd.listeners;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;

/**
 * What the kernel tells of UDP sockets in {@code /proc/net/udp} and {@code udp6} (Linux: udp4_format_sock):
 *
 * <pre>
 *    sl  local_address rem_address   st tx_queue rx_queue tr tm-&gt;when retrnsmt   uid  timeout inode ref pointer drops
 *  4128: 0100007F:8F6E 00000000:0000 07 00000000:00001D40 00:00000000 00000000     0        0 1152645 2 000000009d4d648f 91
 *        ^ address:port                                                                       ^ inode                   ^ drops
 * </pre>
 *
 * An address is written in hexadecimal, four bytes at a time, each four in the order of this machine. Stateless.
 */
final class SocketTable {
    private static final String[] TABLES = {"net/udp", "net/udp6"};
    private static final String HEADER_END = " inode ref pointer drops";
    private static final int LOCAL_ADDRESS = 1;
    private static final int INODE = 9;
    private static final int DROPS = 12;
    private static final String LINK_START = "socket:[";

    private final Path proc;

    /** {@code proc}: where the proc file system is mounted. */
    SocketTable(Path proc) {
        this.proc = proc;
    }

    /**
     * The inode of the socket that is this process's descriptor {@code fd}.
     *
     * @throws IOException if it is no socket, or it cannot be known
     */
    String inodeOf(int fd) throws IOException {
        String inode = inodeOf(String.valueOf(fd));
        if (inode.isEmpty()) {
            throw new IOException("descriptor " + fd + " is no socket");
        }
        return inode;
    }

    /**
     * The inode of the socket of this process that is bound there; other processes may have sockets of the same port.
     *
     * @throws IOException if there is none or more than one, or it cannot be known
     */
    String inodeOf(InetAddress address, int port) throws IOException {
        Set<String> own = ownSockets();
        String found = "";
        for (String table : TABLES) {
            try (BufferedReader lines = open(table)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String inode = field(line, INODE);
                    if (own.contains(inode) && isBoundTo(field(line, LOCAL_ADDRESS), address.getAddress(), port)) {
                        if (!found.isEmpty()) {
                            throw new IOException("more than one socket of this process has port " + port);
                        }
                        found = inode;
                    }
                }
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no socket of this process has port " + port);
        }
        return found;
    }

    /**
     * Datagrams that the kernel has dropped at a socket since the socket exists.
     *
     * @throws IOException if the socket is not in the tables, or they are not as drawn above
     */
    long drops(String inode) throws IOException {
        for (String table : TABLES) {
            try (BufferedReader lines = open(table)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (field(line, INODE).equals(inode)) {
                        return number(field(line, DROPS));
                    }
                }
            }
        }
        throw new IOException("socket " + inode + " is not in /proc/net/udp");
    }

    private static long number(String digits) throws IOException {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new IOException("not a number of drops: " + digits, e);
        }
    }

    /** Behind the header. A machine without IPv6 has no second table: then it is empty. */
    private BufferedReader open(String table) throws IOException {
        File file = proc.resolve(table).toFile();
        if (table.equals(TABLES[1]) && !file.exists()) {
            return new BufferedReader(Reader.nullReader());
        }
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(new FileInputStream(file), StandardCharsets.US_ASCII));
        String header = lines.readLine();
        if (header == null || !header.stripTrailing().endsWith(HEADER_END)) {
            lines.close();
            throw new IOException(file + " has other columns than expected");
        }
        return lines;
    }

    private Set<String> ownSockets() throws IOException {
        String[] descriptors = proc.resolve("self/fd").toFile().list();
        if (descriptors == null) {
            throw new IOException("/proc/self/fd cannot be listed");
        }
        Set<String> inodes = new HashSet<>();
        for (String descriptor : descriptors) {
            try {
                inodes.add(inodeOf(descriptor));
            } catch (IOException closedMeanwhile) {
                // then it is not the one we look for
            }
        }
        inodes.remove("");
        return inodes;
    }

    /** {@code ""} if it is no socket. */
    private String inodeOf(String descriptor) throws IOException {
        String link = Files.readSymbolicLink(proc.resolve("self/fd").resolve(descriptor))
                .toString();
        return link.startsWith(LINK_START) && link.endsWith("]")
                ? link.substring(LINK_START.length(), link.length() - 1)
                : "";
    }

    /** The field at {@code index}, {@code ""} if the line is shorter. */
    private static String field(String line, int index) {
        StringTokenizer fields = new StringTokenizer(line);
        for (int i = 0; i < index && fields.hasMoreTokens(); i++) {
            fields.nextToken();
        }
        return fields.hasMoreTokens() ? fields.nextToken() : "";
    }

    /** {@code 127.0.0.1} is {@code 0100007F}, or, at a socket that takes IPv6 too, {@code 0000000000000000FFFF00000100007F}. */
    private static boolean isBoundTo(String field, byte[] address, int port) {
        int colon = field.lastIndexOf(':');
        if (colon < 0 || !field.substring(colon + 1).equals(hex(port, 4))) {
            return false;
        }
        String bound = field.substring(0, colon);
        String asked = inHostOrder(address);
        boolean mapped = bound.equals("0000000000000000FFFF0000" + asked);
        return bound.equals(asked) || mapped || (isZero(bound) && isZero(asked));
    }

    private static boolean isZero(String hex) {
        return hex.equals("0".repeat(hex.length()));
    }

    /** Both architectures of Lambda are little endian. */
    private static String inHostOrder(byte[] address) {
        StringBuilder text = new StringBuilder(2 * address.length);
        for (int i = 0; i < address.length; i++) {
            text.append(hex(address[i / 4 * 4 + 3 - i % 4] & 0xFF, 2));
        }
        return text.toString();
    }

    private static String hex(int value, int digits) {
        String hex = Integer.toHexString(value).toUpperCase(Locale.ROOT);
        return "0".repeat(digits - hex.length()) + hex;
    }
}
