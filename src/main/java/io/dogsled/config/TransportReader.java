package io.dogsled.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The section {@link Config.Transports}, and what the transports share (protocol.md §7.1). */
final class TransportReader {
    private static final int LARGEST_BUFFER = 65_536;
    private static final int LONGEST_PATH_BYTES = 107;
    private static final int MAX_QUEUE = 65_536;
    private static final int MAX_STATISTICS_S = 3_600;

    private final Settings settings;
    private final List<String> eolRequired;

    TransportReader(Settings settings) {
        this.settings = settings;
        this.eolRequired = eolRequired();
    }

    /** Whether the last line of a datagram that came by this transport counts only with a line end. */
    boolean endOfLineRequired(String transport) {
        return eolRequired.contains(transport);
    }

    Config.Transports read() {
        refuseNamedPipe();
        boolean statistics = settings.flag("DD_DOGSTATSD_STATS_ENABLE", false);
        int seconds = settings.integer("DD_DOGSTATSD_STATS_BUFFER", 10, 1, MAX_STATISTICS_S);
        String datagramSocket = datagramSocket();
        return new Config.Transports(
                datagramSocket,
                streamSocket(datagramSocket),
                endOfLineRequired("uds"),
                bufferBytes(),
                settings.integer("DD_DOGSTATSD_QUEUE_SIZE", 1_024, 1, MAX_QUEUE),
                forward(),
                statistics ? seconds : 0);
    }

    /** What the launcher takes, too: an absolute path that fits into a socket's address; as in the Agent without {@code unix://}. */
    private String datagramSocket() {
        String variable = "DD_DOGSTATSD_SOCKET";
        String path = settings.text(variable);
        if (!path.isEmpty()
                && (path.charAt(0) != '/' || path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH_BYTES)) {
            settings.problem(variable, path, "a path from / on, of at most 107 bytes, without unix://", "no socket");
            return "";
        }
        return path;
    }

    /** One file cannot be both sockets. */
    private String streamSocket(String datagramSocket) {
        String variable = "DD_DOGSTATSD_STREAM_SOCKET";
        String path = settings.text(variable);
        if (!path.isEmpty() && path.equals(datagramSocket)) {
            settings.problem(
                    variable, path, "another path than DD_DOGSTATSD_SOCKET, which keeps it", "no stream socket");
            return "";
        }
        return path;
    }

    private List<String> eolRequired() {
        List<String> known = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (String transport : settings.list("DD_DOGSTATSD_EOL_REQUIRED")) {
            if (transport.equals("udp") || transport.equals("uds") || transport.equals("named_pipe")) {
                known.add(transport);
            } else {
                skipped.add(transport);
            }
        }
        String used = known.isEmpty() ? "none" : "the others";
        settings.skipped("DD_DOGSTATSD_EOL_REQUIRED", skipped, "udp, uds or named_pipe", used);
        return known;
    }

    /** 0 is the default, as in the Agent. */
    private int bufferBytes() {
        int bytes = settings.integer("DD_DOGSTATSD_BUFFER_SIZE", LARGEST_BUFFER, 0, LARGEST_BUFFER);
        return bytes == 0 ? LARGEST_BUFFER : bytes;
    }

    private void refuseNamedPipe() {
        String variable = "DD_DOGSTATSD_PIPE_NAME";
        String name = settings.text(variable);
        if (!name.isEmpty()) {
            settings.problem(variable, name, "no value, because named pipes exist on Windows only", "no pipe");
        }
    }

    private Config.Forward forward() {
        String host = settings.text("DD_STATSD_FORWARD_HOST");
        int port = settings.integer("DD_STATSD_FORWARD_PORT", 0, 0, 65_535);
        if (host.isEmpty() == (port == 0)) {
            return host.isEmpty() ? Config.Forward.NOWHERE : new Config.Forward(host, port);
        }
        String missing = host.isEmpty() ? "DD_STATSD_FORWARD_HOST" : "DD_STATSD_FORWARD_PORT";
        String value = settings.text(missing);
        if (value.isEmpty() || Settings.wholeNumber(value) == 0) { // anything else has got its line
            settings.problem(missing, value, "a value, because the other half of the address is set", "no forwarding");
        }
        return Config.Forward.NOWHERE;
    }
}
