package io.dogsled.control;

import io.dogsled.base.Counter;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.config.Config;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The local endpoint: HTTP/1.1, one request a connection, one connection after the other on the thread {@code control},
 * which owns the socket. A client has two seconds to say what it wants, so a slow one cannot keep others out for longer.
 *
 * <pre>
 * POST /lambda/flush                  drains and flushes, waits up to a second, answers what became of it
 * GET  /ledger                        the ledger, as JSON
 * GET  /ledger/endpoints              the ledgers of the additional endpoints, as a JSON array
 * GET  /counters                      all counters that are not 0, as JSON
 * GET  /health                        200 while every listener reads, 503 if one does not
 * GET  /dogstatsd-stats               the debug statistics; 400 if they are off
 * POST /dogstatsd-stats?enable=true   switches them on, with {@code false} off
 * </pre>
 *
 * Nor can a client that does not read its answer: an answer is shorter than what a connection's send buffer takes.
 */
public final class ControlServer {
    /** What the endpoint can ask for; every call is made by the thread {@code control}. */
    public interface Requests {
        /** Flushes, waits at most until the deadline, and returns what became of it as JSON. */
        String flush(Deadline deadline) throws InterruptedException;

        /** The ledger as JSON. */
        String ledger();

        /** The ledgers of the additional endpoints as a JSON array. */
        String endpointLedgers();

        /** The counters that are not 0, as JSON. */
        String counters();

        /** How the server is. */
        Answer health();

        /** The debug statistics, or why there are none. */
        Answer stats();

        /** Switches the debug statistics. */
        Answer enableStats(boolean on);
    }

    /**
     * An answer whose status says something.
     *
     * @param status code and text, such as {@code 200 OK}
     * @param json one JSON value, shorter than 128 KiB
     */
    public record Answer(String status, String json) {}

    private static final long CLIENT_MS = 2_000;
    private static final long FLUSH_MS = 1_000;
    private static final int BACKLOG = 16;
    private static final int SEND_BUFFER_BYTES = 256 << 10;
    private static final int LINGER_MS = 100;
    private static final int LINGER_BYTES = 64 << 10;

    private final Config.Control config;
    private final Requests requests;
    private final Instruments instruments;
    private volatile @Nullable ServerSocket socket;
    private @Nullable Thread thread;

    public ControlServer(Config.Control config, Requests requests, Instruments instruments) {
        this.config = config;
        this.requests = requests;
        this.instruments = instruments;
    }

    /** Binds and serves, unless it is switched off. A port that is taken costs the endpoint, nothing else. */
    public void start() {
        int port = config.port();
        if (port == 0) {
            return;
        }
        try {
            ServerSocket bound = new ServerSocket();
            bound.setReuseAddress(true);
            bound.bind(
                    new InetSocketAddress(
                            InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port == Config.RANDOM_PORT ? 0 : port),
                    BACKLOG);
            socket = bound;
            thread = new Thread(new Server(bound), "control");
            thread.setDaemon(true);
            thread.start();
        } catch (IOException unusable) {
            instruments
                    .log()
                    .warn("cannot use port " + port + " for the local endpoint (" + unusable.getMessage()
                            + "); going on without it; set DD_DOGSLED_CONTROL_PORT to a free port, or to 0");
        }
    }

    /** The port that is bound; 0 = none. */
    public int port() {
        ServerSocket bound = socket;
        return bound == null ? 0 : bound.getLocalPort();
    }

    /** Stops serving and waits for the thread. May run twice. */
    public void close() throws InterruptedException {
        ServerSocket bound = socket;
        if (bound != null) {
            closeQuietly(bound);
        }
        if (thread != null) {
            thread.join();
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception alreadyGone) {
            // nothing to do about it, and nothing depends on it
            return;
        }
    }

    /** What the thread runs: a mistake in one request must not end the others. */
    private final class Server implements Runnable {
        private final ServerSocket bound;

        Server(ServerSocket bound) {
            this.bound = bound;
        }

        @Override
        public void run() {
            while (!bound.isClosed()) {
                try (Socket client = bound.accept()) {
                    serve(client);
                } catch (IOException clientGone) {
                    instruments.log().debug("a client of the local endpoint went away: " + clientGone.getMessage());
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                    return;
                } catch (RuntimeException failure) {
                    instruments.counters().increment(Counter.INTERNAL_ERRORS);
                    instruments
                            .log()
                            .error("an internal error at the local endpoint, which Dogsled survives: " + failure);
                }
            }
        }

        private void serve(Socket client) throws IOException, InterruptedException {
            Deadline deadline = Deadline.after(instruments.clock().nowNs(), CLIENT_MS);
            RequestLine request = RequestLine.read(client, deadline, instruments.clock());
            client.setSendBufferSize(SEND_BUFFER_BYTES);
            client.getOutputStream().write(answer(request));
            client.shutdownOutput();
            linger(client);
        }

        /** Takes what the client still sends: closing on unread bytes would reset the connection under the answer. */
        private static void linger(Socket client) throws IOException {
            client.setSoTimeout(LINGER_MS);
            byte[] unread = new byte[4 << 10];
            int rounds = LINGER_BYTES / unread.length;
            while (rounds > 0 && client.getInputStream().read(unread) >= 0) {
                rounds--;
            }
        }

        private byte[] answer(RequestLine request) throws InterruptedException {
            boolean get = request.method().equals("GET");
            boolean post = request.method().equals("POST");
            return switch (request.path()) {
                case "/lambda/flush" ->
                    post
                            ? json(requests.flush(
                                    Deadline.after(instruments.clock().nowNs(), FLUSH_MS)))
                            : notAllowed("POST");
                case "/ledger" -> get ? json(requests.ledger()) : notAllowed("GET");
                case "/ledger/endpoints" -> get ? json(requests.endpointLedgers()) : notAllowed("GET");
                case "/counters" -> get ? json(requests.counters()) : notAllowed("GET");
                case "/health" -> get ? json(requests.health()) : notAllowed("GET");
                case "/dogstatsd-stats" ->
                    get ? json(requests.stats()) : post ? json(switched(request.query())) : notAllowed("GET, POST");
                case "" -> response("400 Bad Request", "");
                default -> response("404 Not Found", "");
            };
        }

        private Answer switched(String query) {
            return switch (query) {
                case "enable=true" -> requests.enableStats(true);
                case "enable=false" -> requests.enableStats(false);
                default -> new Answer("400 Bad Request", "{\"error\":\"expected ?enable=true or ?enable=false\"}");
            };
        }

        private byte[] notAllowed(String allowed) {
            return response("405 Method Not Allowed\r\nAllow: " + allowed, "");
        }

        private byte[] json(Answer answer) {
            return response(answer.status() + "\r\nContent-Type: application/json", answer.json() + "\n");
        }

        private byte[] json(String body) {
            return response("200 OK\r\nContent-Type: application/json", body + "\n");
        }

        private byte[] response(String statusAndHeaders, String body) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            String head = "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: " + bytes.length
                    + "\r\nConnection: close\r\n\r\n";
            return (head + body).getBytes(StandardCharsets.UTF_8);
        }
    }
}
