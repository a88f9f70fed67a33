package io.dogsled.testserver;

import io.dogsled.base.Log;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A fake intake with latency and scripted faults that counts, keeps and decodes what it gets. It listens when the factory
 * returns; every method may be called from any thread.
 *
 * <p>It answers any method and any path ({@code Exchange} has the order of work): 202 with {@code {"errors":[]}} on the
 * routes of a Datadog intake, 200 without a body on every other path, unless the request's body asks for a status by the
 * grammar {@code id|codes} (see {@link #expectResponses}), which wins on any path, or a {@link Scenario} does. Only paths
 * under {@code /_testserver/} are its own: they control it and are not counted.
 *
 * <p>The surface and the counting are those of the Datadog Agent's {@code testServer} (pkg/trace/writer/testserver.go).
 */
public final class TestServer implements AutoCloseable {
    /** How long {@link #close} waits for requests in flight before it cuts them; the Agent's waits for ever. */
    static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

    private static final AtomicLong LAST_ID = new AtomicLong();

    private final Options options;
    private final @Nullable SSLSocketFactory tls;
    private final Log log = new Log(Log.Level.WARN);
    private final Script script;
    private final Acceptor acceptor;
    private volatile Recording recording;

    private TestServer(Options options) throws IOException {
        this.options = options;
        this.tls = options.keystore() == null ? null : Keystore.load(options.keystore(), options.keystorePassword());
        this.script = new Script(options.latency());
        this.recording = new Recording(options.maxKeptBytes());
        this.acceptor = new Acceptor(InetAddress.getByName(options.bind()), options.port(), this::connection);
    }

    /** A server on a free port of 127.0.0.1, without latency. */
    public static TestServer newTestServer() {
        return newTestServerWithLatency(Duration.ZERO);
    }

    /** The same, waiting {@code latency} before it reads the body of each request. */
    public static TestServer newTestServerWithLatency(Duration latency) {
        try {
            return start(Options.defaults().withLatency(latency));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A server as the options say.
     *
     * @throws java.net.BindException if the port is taken
     * @throws IOException if the keystore cannot be used or the address is not of this machine
     */
    public static TestServer start(Options options) throws IOException {
        TestServer server = new TestServer(options);
        server.acceptor.start();
        server.play(options.schedule());
        return server;
    }

    /**
     * A request body that makes the server answer with these codes in rotation, {@code [200]} if there are none. Every
     * call has an id of its own in this process, counted from 1.
     */
    public static String expectResponses(int... codes) {
        StringBuilder body =
                new StringBuilder().append(LAST_ID.incrementAndGet()).append('|');
        if (codes.length == 0) {
            return body.append(200).toString();
        }
        for (int i = 0; i < codes.length; i++) {
            body.append(i == 0 ? "" : ",").append(codes[i]);
        }
        return body.toString();
    }

    /** Where it listens, without a slash at the end: {@code http://127.0.0.1:40123}. */
    public String url() {
        return (tls == null ? "http://" : "https://") + options.urlHost() + ":" + port();
    }

    public int port() {
        return acceptor.address().getPort();
    }

    /** Requests that have begun, whatever came of them. */
    public int total() {
        return (int) counts().total();
    }

    /** Requests answered with 2xx. */
    public int accepted() {
        return (int) counts().accepted();
    }

    /** Requests answered with 408 or 5xx. */
    public int retried() {
        return (int) counts().retried();
    }

    /** Requests answered with anything else; 429 is one of them. */
    public int failed() {
        return (int) counts().failed();
    }

    /** The largest number of requests that were in work at the same time. */
    public int peak() {
        return (int) counts().peak();
    }

    /** Requests that got no answer that counts: body not read to its end, cut by a script, or an impossible code. */
    public int aborted() {
        return (int) counts().aborted();
    }

    /** What was not a request at all, answered with 400 or its like; not in the total. */
    public int malformed() {
        return (int) counts().malformed();
    }

    /** Connections accepted since the start. */
    public int connections() {
        return (int) acceptor.accepted();
    }

    /** The accepted requests in the order of their completion; a copy. */
    public List<ReceivedPayload> payloads() {
        return recording.payloads();
    }

    /** Payloads that are no longer kept, because more came than {@link Options#maxKeptBytes}; 0 means all are there. */
    public long forgotten() {
        return recording.forgotten();
    }

    /** What an intake would show of the accepted payloads. */
    public IntakeView intake() {
        return IntakeView.of(payloads());
    }

    /** Adds a scenario, in force from the next request on. */
    public void play(Scenario scenario) {
        script.play(scenario);
    }

    /**
     * Plays this schedule from its zero, now or with the next request, instead of the one until now; an empty one ends what
     * was playing.
     */
    public void play(Schedule schedule) {
        long nowNs = System.nanoTime();
        Playing playing = new Playing(schedule, nowNs);
        script.schedule(playing).stop(nowNs);
        recording.playing(playing);
        playing.open(new Refusals());
    }

    /** What is playing, or played to its end. */
    public Schedule schedule() {
        return script.schedule().schedule();
    }

    /** What came when, what became of it, and which spans of schedules held meanwhile; a copy of this moment. */
    public Timeline timeline() {
        return recording.timeline();
    }

    /** Changes the latency of every request from the next on. */
    public void latency(Duration latency) {
        script.latency(latency);
    }

    /** Forgets all scenarios, the schedule too; the latency stays. */
    public void clearScenarios() {
        script.clear();
        play(Schedule.empty());
    }

    /**
     * As freshly started: counters, payloads, the timeline and ids forgotten, no scenario, the latency of the start, no
     * refusal, and the schedule of the start from its zero.
     */
    public void reset() {
        acceptConnections();
        closeIdleAfter(Duration.ZERO);
        script.clear();
        script.latency(options.latency());
        recording = new Recording(options.maxKeptBytes());
        play(options.schedule());
    }

    /** Closes idle connections and refuses new ones, until {@link #acceptConnections}; what is in flight ends. */
    public void refuseConnections() {
        try {
            acceptor.refuse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same for a time, after which it accepts again by itself. */
    public void refuseConnections(Duration howLong) {
        try {
            int refusal = acceptor.refuse();
            Thread.ofVirtual().name("testserver-refusal").start(() -> endRefusal(refusal, howLong));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Listens again on the same port. */
    public void acceptConnections() {
        try {
            acceptor.resume();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes keep-alive connections that have been idle for so long, from now on; zero = leaves them open. */
    public void closeIdleAfter(Duration idle) {
        acceptor.closeIdleAfter(idle);
    }

    /** Closes every connection on which no request is in flight, now. */
    public void closeIdleConnections() {
        acceptor.closeIdle(Duration.ZERO);
    }

    /** Stops listening, waits for what is in flight (at most 5 s; black holes and delayed answers not at all). May be called twice. */
    @Override
    public void close() {
        script.schedule().stop(System.nanoTime());
        try {
            acceptor.close(CLOSE_GRACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The counters in one line, for a person who watches. */
    public String statusLine() {
        return Summary.statusLine(this);
    }

    /** What came and what an intake would show of it, as a table. */
    public String summary() {
        return Summary.of(this);
    }

    Tally.Counts counts() {
        return recording.tally().counts();
    }

    private void endRefusal(int refusal, Duration howLong) {
        Exchange.waitFor(howLong);
        try {
            acceptor.resume(refusal);
        } catch (IOException e) {
            log.error("cannot listen on port " + port() + " again: " + e.getMessage());
        }
    }

    private Connection connection(int number, Socket socket) {
        return new Connection(number, socket, new Requests(), tls);
    }

    /** The requests of all connections. */
    private final class Requests implements Connection.Service {
        @Override
        public Exchange.Ending serve(Connection connection, RequestHead head) throws IOException, MalformedRequest {
            if (head.path().startsWith(Controls.PREFIX)) {
                byte[] body = connection.readBody(head);
                Answer answer = Controls.handle(TestServer.this, head, body);
                boolean keepAlive = head.keepAlive() && !connection.isStopping();
                connection.writer().write(answer, false, keepAlive);
                return keepAlive ? Exchange.Ending.KEEP : Exchange.Ending.CLOSE;
            }
            return new Exchange(connection, head, recording, script.planFor(head.path())).run();
        }

        @Override
        public Recording recording() {
            return recording;
        }

        @Override
        public Log log() {
            return log;
        }
    }

    /** The listening side, for a schedule that refuses. */
    private final class Refusals implements Playing.Doors {
        @Override
        public int refuse() {
            try {
                return acceptor.refuse();
            } catch (IOException e) {
                log.error("cannot refuse connections on port " + port() + ": " + e.getMessage());
                return -1;
            }
        }

        @Override
        public void resume(int refusal) {
            endRefusal(refusal, Duration.ZERO);
        }
    }

    /**
     * How a server shall be started.
     *
     * @param bind the address to listen on
     * @param port 0 = a free one
     * @param latency of every request, before its body is read
     * @param keystore PKCS12 file with key and certificates, null = plain HTTP
     * @param maxKeptBytes of payload bodies; beyond it the oldest payloads are forgotten and counted
     * @param schedule what happens when, from the start on
     */
    public record Options(
            String bind,
            int port,
            Duration latency,
            @Nullable Path keystore,
            String keystorePassword,
            long maxKeptBytes,
            Schedule schedule) {

        /** A free port of 127.0.0.1, no latency, plain HTTP, 256 MiB of payloads. */
        public static Options defaults() {
            return new Options("127.0.0.1", 0, Duration.ZERO, null, "", 256L * 1024 * 1024, Schedule.empty());
        }

        public Options withPort(int newPort) {
            return new Options(bind, newPort, latency, keystore, keystorePassword, maxKeptBytes, schedule);
        }

        public Options withBind(String address) {
            return new Options(address, port, latency, keystore, keystorePassword, maxKeptBytes, schedule);
        }

        public Options withLatency(Duration newLatency) {
            return new Options(bind, port, newLatency, keystore, keystorePassword, maxKeptBytes, schedule);
        }

        public Options withKeystore(Path file, String password) {
            return new Options(bind, port, latency, file, password, maxKeptBytes, schedule);
        }

        public Options withMaxKeptBytes(long bytes) {
            return new Options(bind, port, latency, keystore, keystorePassword, bytes, schedule);
        }

        public Options withSchedule(Schedule newSchedule) {
            return new Options(bind, port, latency, keystore, keystorePassword, maxKeptBytes, newSchedule);
        }

        /** The host part of the URL; a server on all addresses is reached by the loopback one. */
        String urlHost() {
            if (bind.equals("0.0.0.0") || bind.equals("::")) {
                return "127.0.0.1";
            }
            return bind.indexOf(':') < 0 ? bind : "[" + bind + "]";
        }
    }
}
