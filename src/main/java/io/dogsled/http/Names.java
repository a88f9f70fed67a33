package io.dogsled.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;

/**
 * The addresses of one connection's host, asked of the system for each new connection, so that an address lives as long as the
 * resolver says and not longer. The JDK would keep addresses for 30 s and failures for 10 s of its monotonic clock, which may
 * stand still while the sandbox is frozen: across many short invocations that is hours (docs/decisions/025-connections.md).
 *
 * <p>If the resolver does not know the name now, the addresses it last named are tried: a certificate, not an address, says
 * who the intake is. The owner's thread. Not final: a test answers in the system's place.
 */
class Names {
    private InetAddress[] last = {};

    /** At least one address. */
    final InetAddress[] of(String host) throws UnknownHostException {
        try {
            last = ask(host);
        } catch (UnknownHostException e) {
            if (last.length == 0) {
                throw e;
            }
        }
        return last;
    }

    /** Blocks; nobody can end it, and the system's resolver may take seconds. */
    InetAddress[] ask(String host) throws UnknownHostException {
        if (!isAddress(host)) {
            Policy.keepNothing();
        }
        return InetAddress.getAllByName(host);
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0 || Character.digit(host.charAt(host.length() - 1), 10) >= 0;
    }

    /** Apart, because the properties are read from a file: 5 ms that an intake without a name need not pay. */
    private static final class Policy {
        static {
            Security.setProperty("networkaddress.cache.ttl", "0");
            Security.setProperty("networkaddress.cache.negative.ttl", "0");
        }

        /** With the first call; the JDK looks at it with its first look-up. */
        static void keepNothing() {}
    }
}
