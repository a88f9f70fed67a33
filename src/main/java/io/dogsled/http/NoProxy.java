package io.dogsled.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;

/**
 * Which hosts are reached without the proxy (R31). Entries as in Go, and so in the Agent with
 * {@code no_proxy_nonexact_match}; names are compared without regard to case, and none is looked up.
 *
 * <pre>
 * *                     every host
 * example.com           it, and what ends in .example.com
 * .example.com          what ends in .example.com; also written *.example.com
 * 10.1.2.3, ::1         that address; with a port in brackets: [::1]:443
 * 10.0.0.0/8, fd00::/8  addresses of that range
 * …:8443                any of the above, for that port alone; a range has none
 * </pre>
 *
 * <p>This machine and the two addresses of cloud metadata are never asked for through a proxy. Immutable.
 */
final class NoProxy {
    private static final String[] NEVER = {"169.254.169.254", "100.100.100.200"};

    private final List<String> entries;

    NoProxy(List<String> entries) {
        this.entries = entries;
    }

    /** {@code host}: a name, or an address without brackets. */
    boolean covers(String host, int port) {
        String name = host.toLowerCase(Locale.ROOT);
        byte[] address = address(name);
        if (isLocal(name, address)) {
            return true;
        }
        for (String entry : entries) {
            if (matches(entry.toLowerCase(Locale.ROOT), name, address, port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLocal(String name, byte[] address) {
        if (name.equals("localhost") || name.endsWith(".localhost")) {
            return true;
        }
        for (String never : NEVER) {
            if (name.equals(never)) {
                return true;
            }
        }
        return address.length == 4
                ? address[0] == 127
                : address.length == 16 && InetAddress.ofLiteral(name).isLoopbackAddress();
    }

    private static boolean matches(String entry, String name, byte[] address, int port) {
        if (entry.equals("*")) {
            return true;
        }
        int slash = entry.indexOf('/');
        if (slash >= 0) {
            return isInRange(address, address(entry.substring(0, slash)), number(entry.substring(slash + 1)));
        }
        int portAt = portAt(entry);
        if (portAt < entry.length() && number(entry.substring(portAt + 1)) != port) {
            return false;
        }
        String pattern = unbracketed(entry.substring(0, portAt));
        byte[] fixed = address(pattern);
        if (fixed.length > 0 || address.length > 0) {
            return fixed.length > 0 && isInRange(address, fixed, fixed.length * 8);
        }
        return matchesName(pattern, name);
    }

    private static boolean matchesName(String pattern, String name) {
        if (pattern.startsWith("*.") || pattern.startsWith(".")) {
            return name.endsWith(pattern.substring(pattern.indexOf('.')));
        }
        return !pattern.isEmpty() && (name.equals(pattern) || name.endsWith("." + pattern));
    }

    /** Where the colon before the port is; the end if there is no port: a bare IPv6 address has several colons. */
    private static int portAt(String entry) {
        int colon = entry.indexOf(':', entry.indexOf(']') + 1);
        return colon < 0 || entry.indexOf(':', colon + 1) >= 0 ? entry.length() : colon;
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private static boolean isInRange(byte[] address, byte[] range, int bits) {
        if (address.length == 0 || address.length != range.length || bits < 0 || bits > range.length * 8) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((address[i / 8] & mask) != (range[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes of an address written out; none for a name, which is not looked up. */
    private static byte[] address(String text) {
        if (text.isEmpty() || (text.indexOf(':') < 0 && Character.digit(text.charAt(text.length() - 1), 10) < 0)) {
            return new byte[0];
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static int number(String digits) {
        int value = digits.isEmpty() || digits.length() > 5 ? -1 : 0;
        for (int i = 0; value >= 0 && i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 10);
            value = digit < 0 ? -1 : value * 10 + digit;
        }
        return value;
    }
}
