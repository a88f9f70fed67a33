package io.dogsled.forwarder;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import io.dogsled.config.Config.Ambiguous;
import io.dogsled.http.HttpConnection;
import io.dogsled.http.Network;

/** One intake: where it is, the key for it, and what to do with a sketch that may have arrived. Immutable. */
public final class Endpoint {
    private static final long DEFAULT_QUEUE_BYTES = 16L << 20;
    private static final String PLAIN = "http://";
    private static final String SECURE = "https://";

    private final String url;
    private final boolean tls;
    private final String host;
    private final int port;
    private final ApiKeySource keys;
    private final Ambiguous ambiguous;
    private final Network network;
    private final long queueBytes;

    /** Straight, and with the usual certificates to trust alone. */
    public Endpoint(String baseUrl, ApiKeySource keys, Ambiguous ambiguous) {
        this(baseUrl, keys, ambiguous, Network.straight(), DEFAULT_QUEUE_BYTES);
    }

    /**
     * @param baseUrl {@code http://host[:port]} or {@code https://host[:port]}, without a path
     * @param network how connections get there
     * @param queueBytes how much may wait for it, by estimate
     * @throws IllegalArgumentException if it is something else; the configuration has checked it before
     */
    Endpoint(String baseUrl, ApiKeySource keys, Ambiguous ambiguous, Network network, long queueBytes) {
        this.url = baseUrl;
        this.tls = baseUrl.startsWith(SECURE);
        if (!tls && !baseUrl.startsWith(PLAIN)) {
            throw new IllegalArgumentException("not an http or https URL: " + baseUrl);
        }
        String authority = baseUrl.substring(tls ? SECURE.length() : PLAIN.length());
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon >= 0 && authority.indexOf(']') < colon;
        this.host = withoutBrackets(hasPort ? authority.substring(0, colon) : authority);
        this.port = hasPort ? Integer.parseInt(authority.substring(colon + 1)) : tls ? 443 : 80;
        this.keys = keys;
        this.ambiguous = ambiguous;
        this.network = network;
        this.queueBytes = queueBytes;
    }

    /** The main endpoint, as configured. */
    public static Endpoint of(Config.Intake intake, Network network, Log log) {
        return new Endpoint(
                intake.baseUrl(), ApiKeySource.of(intake, log), intake.ambiguous(), network, intake.queueBytes());
    }

    /** Another one, with everything else as here. */
    Endpoint elsewhere(String baseUrl, ApiKeySource otherKeys) {
        return new Endpoint(baseUrl, otherKeys, ambiguous, network, queueBytes);
    }

    /** The same with its part of the room for what waits, which several share: they have one heap. */
    Endpoint oneOf(int endpoints) {
        return new Endpoint(url, keys, ambiguous, network, queueBytes / endpoints);
    }

    /** Whether whatever goes to one goes to the other: the same address, however it is written, and the same key. */
    boolean isSameAs(Endpoint other) {
        return tls == other.tls
                && host.equalsIgnoreCase(other.host)
                && port == other.port
                && keys.key().equals(other.keys.key());
    }

    /** As configured, for log lines. */
    public String url() {
        return url;
    }

    boolean tls() {
        return tls;
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    ApiKeySource keys() {
        return keys;
    }

    long queueBytes() {
        return queueBytes;
    }

    /** A connection of its own, not open yet. */
    HttpConnection connection(Clock clock) {
        return network.to(host, port, tls, clock);
    }

    Ambiguous ambiguous() {
        return ambiguous;
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
