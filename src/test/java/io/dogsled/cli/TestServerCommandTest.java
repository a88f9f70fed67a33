package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command in this process; that a signal ends it with 0 is shown by {@code TestServerCommandIT}. */
final class TestServerCommandTest {
    private static final Pattern URL = Pattern.compile("test server on (http://127\\.0\\.0\\.1:\\d+)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void itNamesItsUrlServesAsScriptedAndEndsWithASummary() throws Exception {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread thread =
                Thread.ofVirtual().start(() -> exit.complete(run("--port", "0", "--fault", "503x1", "--quiet")));
        String url = waitForUrl();
        assertThat(status(url + "/api/v2/series")).isEqualTo(503);
        assertThat(status(url + "/api/v2/series")).isEqualTo(202);
        thread.interrupt();
        assertThat(exit.join()).isZero();
        assertThat(out.toString())
                .contains("DD_DD_URL=" + url, "faults 503x1", "curl " + url + "/_testserver/summary")
                .contains("2 requests: 1 accepted, 1 retried, 0 failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--latency;200;\"200\" is not a duration; write 200ms",
                "--fault;explode;\"explode\" is not a fault",
                "--fault;refuse:soon;\"soon\" is not a duration",
                "--timeline;seen.png;\"seen.png\" does not end in .json, .csv or .svg.",
                "--scenario;not-there.txt;not-there.txt is not there or not readable.",
                "--port;99999;99999 is not from 0 to 65535",
                "--port;many;is not an int"
            })
    void aWrongValueIsOneSentenceThatNamesTheOptionWithExitCode2(String option, String value, String expected) {
        assertThat(run(option, value)).isEqualTo(2);
        assertThat(err.toString()).contains("'" + option + "'", expected, "Try 'dogsled testserver --help'.");
        assertThat(err.toString().strip()).hasLineCount(2);
    }

    @Test
    void aScenarioFilePlaysAndTheTimelineIsWrittenAtTheEnd(@TempDir Path folder) throws Exception {
        Path scenario = Files.writeString(folder.resolve("outage.txt"), "503x1\n");
        Path timeline = folder.resolve("seen.csv");
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual()
                .start(() -> exit.complete(run(
                        "--port",
                        "0",
                        "--scenario",
                        scenario.toString(),
                        "--timeline",
                        timeline.toString(),
                        "--quiet")));
        String url = waitForUrl();
        assertThat(status(url + "/api/v2/series")).isEqualTo(503);
        thread.interrupt();
        assertThat(exit.join()).isZero();
        assertThat(out.toString()).contains("scenario " + scenario);
        assertThat(Files.readString(timeline)).contains(",POST,/api/v2/series,503x1,", ",retried,503,");
    }

    @Test
    void aMistakeInAScenarioFileIsOneSentenceThatNamesTheFileAndTheLine(@TempDir Path folder) throws Exception {
        Path scenario = Files.writeString(folder.resolve("outage.txt"), "503\n500 from never\n");
        assertThat(run("--scenario", scenario.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains(scenario + ", line 2, \"500 from never\": \"never\" is not a time; write 10 or 10s");
    }

    @Test
    void aTakenPortIsOneSentenceWithExitCode1() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("--port", Integer.toString(taken.getLocalPort()))).isEqualTo(1);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines("Port " + taken.getLocalPort()
                            + " of 127.0.0.1 cannot be listened on: Address already in use.");
        }
    }

    @Test
    void aKeystoreThatIsNotThereIsOneSentenceWithExitCode1() {
        assertThat(run("--port", "0", "--keystore", "not-there.p12")).isEqualTo(1);
        assertThat(err.toString().strip()).isEqualTo("The keystore not-there.p12 is not there or not readable.");
    }

    @Test
    void theHelpNamesEveryFaultAndTheControlEndpoints() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("--latency", "503x5", "429:5s", "lose-answer", "blackhole", "refuse[:5s]")
                .contains("/_testserver/script", "--scenario", "--timeline", "Exit codes:", "sam local");
    }

    private String waitForUrl() {
        long deadlineNs = System.nanoTime() + 8_000_000_000L;
        Matcher url = URL.matcher(out.toString());
        while (!url.find()) {
            assertThat(System.nanoTime())
                    .as("the command says where it listens")
                    .isLessThan(deadlineNs);
            LockSupport.parkNanos(1_000_000);
            url = URL.matcher(out.toString());
        }
        return url.group(1);
    }

    private static int status(String url) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .POST(BodyPublishers.noBody())
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private int run(String... args) {
        List<String> all = new ArrayList<>(List.of("testserver"));
        all.addAll(List.of(args));
        CommandLine line = Dogsled.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(all.toArray(new String[0]));
    }
}
