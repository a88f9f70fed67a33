package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * How connections get out of here: through which proxy, and whom they trust. One for all endpoints, so that what is wrong with a
 * setting is said once. Any thread.
 */
public final class Network {
    private final Config.Connection settings;
    private final NoProxy direct;
    private final Tls tls;

    public Network(Config.Connection settings, String certFile, Log log) {
        this(settings, new Tls(certFile, Tls.Rules.of(settings), log));
    }

    Network(Config.Connection settings, Tls tls) {
        this.settings = settings;
        this.direct = new NoProxy(settings.noProxy());
        this.tls = tls;
    }

    /** Straight to the intake, trusting the usual certificates alone; silent. */
    public static Network straight() {
        return new Network(Config.Connection.STRAIGHT, "", new Log(Log.Level.OFF));
    }

    /**
     * A connection that is not open yet.
     *
     * @param host a name or an address without brackets
     */
    public HttpConnection to(String host, int port, boolean secure, Clock clock) {
        return new HttpConnection(route(host, port, secure), clock);
    }

    Route route(String host, int port, boolean secure) {
        return new Route(host, port, secure ? tls : null, proxy(host, port, secure), new Names());
    }

    private @Nullable Proxy proxy(String host, int port, boolean secure) {
        String url = secure ? settings.httpsProxy() : settings.httpProxy();
        return url.isEmpty() || direct.covers(host, port) ? null : new Proxy(url);
    }
}
