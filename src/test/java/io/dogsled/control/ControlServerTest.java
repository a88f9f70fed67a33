package io.dogsled.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Clock;
import io.dogsled.base.Counter;
import io.dogsled.base.Counters;
import io.dogsled.base.Deadline;
import io.dogsled.base.Instruments;
import io.dogsled.base.Log;
import io.dogsled.config.Config;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlServerTest {
    private final Counters counters = new Counters();
    private final Clock clock = Clock.system();
    private final Answers answers = new Answers();
    private final ControlServer server = server(Config.RANDOM_PORT);

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void close() throws InterruptedException {
        server.close();
        server.close();
    }

    @Test
    void aFlushIsAskedForWithASecondAndItsOutcomeAnswered() throws IOException {
        String answer = ask("POST /lambda/flush HTTP/1.1\r\nHost: x\r\n\r\n");

        assertThat(answer.split("\r\n", -1))
                .containsExactly(
                        "HTTP/1.1 200 OK",
                        "Content-Type: application/json",
                        "Content-Length: 14",
                        "Connection: close",
                        "",
                        "{\"flushes\":1}\n");
        assertThat(answers.flushMs).isBetween(1L, 1_000L);
    }

    @Test
    void theLedgerIsAnswered() throws IOException {
        assertThat(ask("GET /ledger?pretty HTTP/1.0\n\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("{\"received\":7}\n");
    }

    @Test
    void theCountersAreAnswered() throws IOException {
        assertThat(ask("GET /counters HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("\r\n\r\n{\"notes\":{}}\n");
        assertThat(ask("POST /counters HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET");
    }

    @Test
    void aBodyIsIgnored() throws IOException {
        assertThat(ask("POST /lambda/flush HTTP/1.1\r\nContent-Length: 9\r\n\r\nsome body"))
                .startsWith("HTTP/1.1 200 OK\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "GET /dogstatsd-stats/ HTTP/1.1", "DELETE /ledgers HTTP/1.1"})
    void otherPathsAreNotFound(String line) throws IOException {
        assertThat(ask(line + "\r\n\r\n")).startsWith("HTTP/1.1 404 Not Found\r\n");
    }

    @Test
    void statisticsAndHealthAreAnsweredWithTheirStatus() throws IOException {
        assertThat(ask("GET /health HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\n")
                .endsWith("\r\n\r\n{\"healthy\":false}\n");
        assertThat(ask("GET /dogstatsd-stats HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .endsWith("{\"error_type\":\"not enabled\"}\n");
    }

    @Test
    void statisticsAreSwitchedByTheQuery() throws IOException {
        assertThat(ask("POST /dogstatsd-stats?enable=true HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(ask("GET /dogstatsd-stats HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(ask("POST /dogstatsd-stats?enable=false HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(ask("GET /dogstatsd-stats HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "?enable", "?enable=yes", "?enable=true?enable=false", "?disable=true"})
    void anyOtherQuerySwitchesNothing(String query) throws IOException {
        assertThat(ask("POST /dogstatsd-stats" + query + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("expected ?enable=true");
        assertThat(answers.stats).isFalse();
    }

    @Test
    void aClientThatDoesNotReadTheLongestAnswerKeepsNobodyOut() throws IOException {
        answers.stats = true;
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(1_024);
            deaf.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            deaf.getOutputStream().write("GET /dogstatsd-stats HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(ask("GET /dogstatsd-stats HTTP/1.1\r\n\r\n")).hasSizeGreaterThan(127 << 10);
        }
    }

    @Test
    void otherMethodsAreRefusedAndDoNothing() throws IOException {
        assertThat(ask("GET /lambda/flush HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: POST");
        assertThat(ask("DELETE /dogstatsd-stats HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, POST");
        assertThat(ask("POST /health HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET");
        assertThat(ask("POST /ledger HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 Method Not Allowed\r\nAllow: GET");
        assertThat(answers.flushes).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n\r\n",
                "nonsense\r\n\r\n",
                "GET /ledger\r\n\r\n",
                "GET /ledger SMTP/1.1\r\n\r\n",
                "\u0000\n\n"
            })
    void whatIsNoRequestIsRefused(String request) throws IOException {
        assertThat(ask(request)).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @Test
    void aRequestWithoutEndIsRefusedAndNotKept() throws IOException {
        assertThat(ask("GET /ledger HTTP/1.1\r\nX: " + "y".repeat(8 << 10))).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @Test
    void aSlowClientIsPutOffAfterTwoSeconds() throws IOException {
        try (Socket slow = connect()) {
            slow.getOutputStream().write("GET /led".getBytes(StandardCharsets.US_ASCII));
            long startNs = clock.nowNs();

            assertThat(ask("GET /ledger HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");

            assertThat((clock.nowNs() - startNs) / 1_000_000).isLessThan(4_000);
            assertThat(slow.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aMistakeInOneRequestDoesNotEndTheOthers() throws IOException {
        answers.broken = true;
        assertThat(ask("GET /ledger HTTP/1.1\r\n\r\n")).isEmpty();

        answers.broken = false;
        assertThat(ask("GET /ledger HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 200 OK\r\n");
        assertThat(counters.value(Counter.INTERNAL_ERRORS)).isEqualTo(1);
    }

    @Test
    void aTakenPortCostsOnlyTheEndpoint() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ControlServer second = server(taken.getLocalPort());

            second.start();

            assertThat(second.port()).isZero();
            second.close();
        }
    }

    @Test
    void portZeroIsOff() throws InterruptedException {
        ControlServer off = server(0);

        off.start();

        assertThat(off.port()).isZero();
        off.close();
    }

    @Test
    void itCannotBeReachedOverAnotherAddress() throws IOException {
        assertThat(ask("GET /ledger HTTP/1.1\r\n\r\n")).isNotEmpty();
        try (Socket other = new Socket("127.0.0.2", server.port())) {
            throw new AssertionError("bound to more than 127.0.0.1: " + other);
        } catch (IOException refused) {
            assertThat(refused).isNotNull();
        }
    }

    private ControlServer server(int port) {
        return new ControlServer(
                new Config.Control(port), answers, new Instruments(clock, counters, new Log(Log.Level.OFF)));
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (SocketException reset) {
            throw new AssertionError("the answer was lost", reset);
        }
    }

    private final class Answers implements ControlServer.Requests {
        private final AtomicInteger flushes = new AtomicInteger();
        private volatile long flushMs;
        private volatile boolean broken;
        private volatile boolean stats;

        @Override
        public String flush(Deadline deadline) {
            flushMs = deadline.remainingMs(clock.nowNs());
            return "{\"flushes\":" + flushes.incrementAndGet() + "}";
        }

        @Override
        public String endpointLedgers() {
            return "[]";
        }

        @Override
        public String ledger() {
            if (broken) {
                throw new IllegalStateException("broken on purpose");
            }
            return "{\"received\":7}";
        }

        @Override
        public String counters() {
            return "{\"notes\":{}}";
        }

        @Override
        public ControlServer.Answer health() {
            return new ControlServer.Answer("503 Service Unavailable", "{\"healthy\":false}");
        }

        /** As long as it may be. */
        @Override
        public ControlServer.Answer stats() {
            return stats
                    ? new ControlServer.Answer("200 OK", "[" + " ".repeat((128 << 10) - 3) + "]")
                    : new ControlServer.Answer("400 Bad Request", "{\"error_type\":\"not enabled\"}");
        }

        @Override
        public ControlServer.Answer enableStats(boolean on) {
            stats = on;
            return new ControlServer.Answer("200 OK", "{}");
        }
    }
}
