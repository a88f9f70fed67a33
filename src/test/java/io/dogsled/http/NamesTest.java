package io.dogsled.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.base.Deadline;
import io.dogsled.http.ExchangeOutcome.Answered;
import io.dogsled.http.ExchangeOutcome.Failed;
import io.dogsled.testing.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An intake whose address changes, and a name that nobody knows for a while. */
@Timeout(60)
class NamesTest {
    private static final HttpRequest SMALL = new HttpRequest("POST", "/", List.of(), new byte[10]);
    private static final String NAME = "intake.example.com";

    private final ManualClock clock = new ManualClock();
    private final Book book = new Book();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aNewConnectionGoesWhereTheNameIsNow() throws Exception {
        try (Pair hosts = new Pair()) {
            HttpConnection connection = connection(hosts.port());
            book.answer("127.0.0.1");
            assertThat(connection.exchange(SMALL, soon())).isInstanceOf(Answered.class);
            book.answer("127.0.0.2");
            assertThat(connection.exchange(SMALL, soon()).reused()).isTrue();
            clock.jumpWallMs(HttpConnection.MAX_IDLE_MS + 1);

            assertThat(connection.exchange(SMALL, soon()).reused()).isFalse();

            assertThat(hosts.first.connections()).isOne();
            assertThat(hosts.second.connections()).isOne();
        }
    }

    @Test
    void aNameThatIsUnknownForAWhileIsWhereItWas() throws Exception {
        try (Pair hosts = new Pair()) {
            HttpConnection connection = connection(hosts.port());
            assertThat(((Failed) connection.exchange(SMALL, soon())).reason()).isEqualTo("unknown host " + NAME);
            book.answer("127.0.0.2");
            assertThat(connection.exchange(SMALL, soon())).isInstanceOf(Answered.class);
            book.answer();
            clock.jumpWallMs(HttpConnection.MAX_IDLE_MS + 1);

            assertThat(connection.exchange(SMALL, soon())).isInstanceOf(Answered.class);

            assertThat(hosts.second.connections()).isEqualTo(2);
        }
    }

    @Test
    void theAddressesAreTriedInTurn() throws Exception {
        try (ScriptedPeer only = accepting("127.0.0.2", 0)) {
            book.answer("127.0.0.1", "127.0.0.2");

            assertThat(connection(only.port()).exchange(SMALL, soon())).isInstanceOf(Answered.class);
        }
    }

    /** In a JVM of its own: the JDK reads its policy once, and this one has looked up names before. */
    @Test
    void theJvmRemembersNeitherAnswersNorFailures() throws Exception {
        Path hosts = Files.createFile(folder.resolve("hosts"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djdk.net.hosts.file=" + hosts,
                        "-cp",
                        System.getProperty("java.class.path"),
                        LookUps.class.getName(),
                        hosts.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("unknown", "127.0.0.1", "127.0.0.2", "127.0.0.2");
    }

    /** Looks a name up while the file that has it changes. */
    static final class LookUps {
        private LookUps() {}

        public static void main(String[] args) throws IOException {
            Path hosts = Path.of(args[0]);
            Names names = new Names();
            try {
                names.of(NAME);
            } catch (UnknownHostException e) {
                System.out.println("unknown");
            }
            for (String address : List.of("127.0.0.1", "127.0.0.2", "")) {
                Files.writeString(hosts, address.isEmpty() ? "" : address + " " + NAME + "\n");
                System.out.println(names.of(NAME)[0].getHostAddress());
            }
        }
    }

    /** Two peers with one port, at two addresses of this machine. */
    private static final class Pair implements AutoCloseable {
        final ScriptedPeer first;
        final ScriptedPeer second;

        Pair() throws IOException {
            first = accepting("127.0.0.1", 0);
            second = accepting("127.0.0.2", first.port());
        }

        int port() {
            return first.port();
        }

        @Override
        public void close() throws IOException {
            first.close();
            second.close();
        }
    }

    /** Says what a test wrote into it. */
    private static final class Book extends Names {
        private InetAddress[] now = {};

        void answer(String... addresses) {
            now = new InetAddress[addresses.length];
            for (int i = 0; i < addresses.length; i++) {
                now[i] = InetAddress.ofLiteral(addresses[i]);
            }
        }

        @Override
        InetAddress[] ask(String host) throws UnknownHostException {
            if (now.length == 0) {
                throw new UnknownHostException(host);
            }
            return now;
        }
    }

    private static ScriptedPeer accepting(String address, int port) throws IOException {
        return new ScriptedPeer(
                (link, number) -> {
                    while (true) {
                        link.accept();
                    }
                },
                new ServerSocket(port, 50, InetAddress.ofLiteral(address)));
    }

    private HttpConnection connection(int port) {
        return new HttpConnection(new Route(NAME, port, null, null, book), clock);
    }

    private Deadline soon() {
        return Deadline.after(clock.nowNs(), 8_000);
    }
}
