package io.dogsled.http;

import io.dogsled.base.Clock;
import io.dogsled.base.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A proxy on the way to the intake, spoken to without TLS. An https intake is reached through a tunnel, within which the
 * intake's own certificate counts; a plain one by requests whose target is the whole address. Nothing here ever shows the user or
 * the password. Immutable.
 *
 * <pre>
 * CONNECT api.datadoghq.com:443 HTTP/1.1       POST http://intake:8080/api/v2/series HTTP/1.1
 * Host: api.datadoghq.com:443                  Host: intake:8080
 * Proxy-Authorization: Basic dXNlcjpwdw==      Proxy-Authorization: Basic dXNlcjpwdw==
 * </pre>
 */
final class Proxy {
    /** How long it may take to answer {@code CONNECT}: it has to reach the intake itself. */
    static final long ANSWER_MS = 5_000;

    private static final String SCHEME = "http://";
    private static final int UNAUTHORIZED = 407;

    private final String host;
    private final int port;
    private final String authorization;

    /** {@code url}: {@code http://[user[:password]@]host[:port]}, as {@code config} has checked it. */
    Proxy(String url) {
        int at = url.lastIndexOf('@');
        String authority = url.substring(at < 0 ? SCHEME.length() : at + 1);
        int colon = authority.indexOf(':', authority.lastIndexOf(']') + 1);
        String name = colon < 0 ? authority : authority.substring(0, colon);
        this.host = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
        this.port = colon < 0 ? 80 : Integer.parseInt(authority.substring(colon + 1));
        this.authorization = at < 0 ? "" : basic(url.substring(SCHEME.length(), at));
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** A whole line of a head, or {@code ""}. */
    String authorization() {
        return authorization;
    }

    /**
     * Has the proxy connect this socket to the intake; the next byte is the intake's.
     *
     * @throws IOException if it does not; the message says why, and who says so
     */
    void tunnel(Socket socket, String target, Deadline deadline, Clock clock) throws IOException {
        try {
            String head = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + authorization + "\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            AnswerInput input = new AnswerInput(Wire.of(socket), clock);
            input.begin(Deadline.after(clock.nowNs(), ANSWER_MS).earlier(deadline));
            int status = new AnswerReader(input, clock).readHead().status();
            if (status >= 300) {
                throw new IOException(refusal(status));
            }
            if (input.hasRest()) {
                throw new IOException("it sends more than was asked for");
            }
        } catch (IOException e) {
            throw blamed(e);
        }
    }

    /** The same failure, with the word that it was the proxy's. */
    IOException blamed(IOException cause) {
        String what = cause instanceof UnknownHostException ? "unknown host" : String.valueOf(cause.getMessage());
        String message = "the proxy " + this + ": " + what;
        return cause instanceof SocketTimeoutException ? new SocketTimeoutException(message) : new IOException(message);
    }

    /** Whether this answer is the proxy's own and not the intake's. */
    static boolean isRefusal(int status) {
        return status == UNAUTHORIZED;
    }

    /** What a refusal means. */
    String refusal(int status) {
        if (status != UNAUTHORIZED) {
            return "answered CONNECT with " + status;
        }
        return authorization.isEmpty()
                ? "it wants a user and a password (407); they belong into its address, http://user:password@…"
                : "it does not accept the user and the password in its address (407)";
    }

    /** The address alone. */
    @Override
    public String toString() {
        return SCHEME + Route.bracketed(host) + ":" + port;
    }

    private static String basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        ByteArrayOutputStream pair = new ByteArrayOutputStream();
        decode(colon < 0 ? userInfo : userInfo.substring(0, colon), pair);
        pair.write(':');
        decode(colon < 0 ? "" : userInfo.substring(colon + 1), pair);
        return "Proxy-Authorization: Basic " + Base64.getEncoder().encodeToString(pair.toByteArray()) + "\r\n";
    }

    /** Percent signs that lead no two digits stay as they are. */
    private static void decode(String text, ByteArrayOutputStream to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low < 0) {
                to.write(c);
            } else {
                to.write(high * 16 + low);
                i += 2;
            }
        }
    }
}
