package io.dogsled.cli;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ports of the extension, other ones where the usual are taken on this machine.
 *
 * @param variables to give to the extension; empty when the usual ports are free
 * @param sentence for the user, empty likewise
 */
record StoryPorts(Map<String, String> variables, String sentence) {
    static final String DOGSTATSD = "DD_DOGSTATSD_PORT";
    static final String CONTROL = "DD_DOGSLED_CONTROL_PORT";

    private static final int DOGSTATSD_PORT = 8125;
    private static final int CONTROL_PORT = 8124;

    /** Looks; ports that the user chose in {@code environment} are the user's business. */
    static StoryPorts avoidingTaken(Map<String, String> environment) {
        int udp = environment.containsKey(DOGSTATSD) ? DOGSTATSD_PORT : udp(DOGSTATSD_PORT);
        int tcp = environment.containsKey(CONTROL) ? CONTROL_PORT : tcp(CONTROL_PORT);
        return of(udp, tcp);
    }

    static StoryPorts of(int udp, int tcp) {
        Map<String, String> variables = new LinkedHashMap<>();
        String taken = "";
        if (udp != DOGSTATSD_PORT) {
            variables.put(DOGSTATSD, Integer.toString(udp));
            taken = "UDP port " + DOGSTATSD_PORT + " (this story uses " + udp + ")";
        }
        if (tcp != CONTROL_PORT) {
            variables.put(CONTROL, Integer.toString(tcp));
            taken += (taken.isEmpty() ? "" : ", ") + "TCP port " + CONTROL_PORT + " (this story uses " + tcp + ")";
        }
        return new StoryPorts(variables, taken.isEmpty() ? "" : "Taken on this machine: " + taken + ".");
    }

    /** {@code wanted} if it is free, else any that is. */
    static int udp(int wanted) {
        try {
            return bindUdp(wanted);
        } catch (IOException taken) {
            try {
                return bindUdp(0);
            } catch (IOException e) {
                throw new IllegalStateException("no free UDP port", e);
            }
        }
    }

    /** Likewise. */
    static int tcp(int wanted) {
        try {
            return bindTcp(wanted);
        } catch (IOException taken) {
            try {
                return bindTcp(0);
            } catch (IOException e) {
                throw new IllegalStateException("no free TCP port", e);
            }
        }
    }

    private static int bindUdp(int port) throws IOException {
        try (DatagramSocket probe = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return probe.getLocalPort();
        }
    }

    private static int bindTcp(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }
}
