package io.dogsled.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Emulator;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A sandbox that serves for long: nothing grows, nothing is lost. A thousand invocations in a build, a hundred thousand in
 * {@code make nightly}; each sends every type in one datagram, with tags that come and go, and now and then the intake fails.
 * {@code target/soak.txt} has what was measured on the way.
 */
@Timeout(value = 3, unit = TimeUnit.HOURS)
class SoakIT {
    private static final int INVOCATIONS = Integer.getInteger("dogsled.soak.invocations", 1_000);
    private static final int SAMPLES = 50;

    /** So many invocations after which the payloads at the intake are added up. */
    private static final int SEGMENT = 500;

    private final TestServer server = TestServer.newTestServer();
    private final SoakIntake intake = new SoakIntake(server);
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Footprint> launcher = new ArrayList<>();
    private final List<Footprint> engine = new ArrayList<>();
    private int controlPort;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void nothingGrowsAndNothingIsLost() throws IOException, InterruptedException {
        int port = ScriptedFunction.freePort();
        controlPort = ScriptedFunction.freePort();
        try (ScriptedFunction function = ScriptedFunction.start(emulator(port), port)) {
            Sandbox sandbox = function.sandbox();
            sandbox.hurryTelemetry();
            Platform.succeeds(sandbox.invoke("{}"));
            ProcessHandle first = Platform.engine(sandbox);
            play(sandbox, first);
            writeDown();
            assertThat(Platform.engine(sandbox)).as("one engine all the time").isEqualTo(first);
            sandbox.shutdown();
            intake.takeOver();
        }
        everythingArrived();
        nothingGrew();
    }

    private Emulator emulator(int port) {
        return Emulator.newEmulator()
                .layer(Packaged.layer())
                .freeze(false)
                .timeout(Duration.ofSeconds(30))
                .variable("DD_API_KEY", "0123456789abcdef")
                .variable("DD_DD_URL", server.url())
                .variable("DD_DOGSTATSD_PORT", String.valueOf(port))
                .variable("DD_DOGSLED_CONTROL_PORT", String.valueOf(controlPort))
                .onLine(line -> {
                    if (line.text().contains("DOGSLED") || line.text().contains("dogsled:")) {
                        said.add(line.text());
                    }
                });
    }

    private void play(Sandbox sandbox, ProcessHandle engineProcess) throws IOException, InterruptedException {
        long launcherPid = sandbox.pid(Platform.EXTENSION).orElseThrow();
        for (int i = 0; i < INVOCATIONS; i++) {
            if (i % SEGMENT == SEGMENT / 2) {
                fault(i / SEGMENT);
            }
            Platform.succeeds(sandbox.invoke(datagram(i)));
            if (i % SEGMENT == SEGMENT - 1) {
                settle();
            }
            if (i % (INVOCATIONS / SAMPLES) == INVOCATIONS / SAMPLES - 1) {
                launcher.add(Footprint.of(launcherPid));
                engine.add(Footprint.of(engineProcess.pid()));
                assertThat(Footprint.openPaths(engineProcess.pid())).noneMatch(SoakIT::isTemporary);
                assertThat(Footprint.openPaths(launcherPid)).noneMatch(SoakIT::isTemporary);
            }
        }
    }

    /** The layer's own files may be anywhere, where this is built. */
    private static boolean isTemporary(String path) {
        return path.startsWith("/tmp/") && !path.startsWith(Packaged.layer().toString());
    }

    /** Every type; the counter's tag {@code batch} is new every thousand invocations, so contexts come and go. */
    private static String datagram(int i) {
        String tags = "|#route:" + i % 20;
        String more = i % 10 == 0 ? "\n_e{5,4}:title|text\n_sc|check|0" : "";
        return "soak.count:1|c" + tags + ",batch:" + i / 1_000 + "\nsoak.gauge:" + i + "|g" + tags + "\nsoak.set:" + i
                + "|s" + tags
                + "\nsoak.histogram:" + i % 97 + ":3|h" + tags + "\nsoak.timing:" + i % 89 + "|ms" + tags
                + "\nsoak.distribution:" + i % 101 + ":5:7|d" + tags + more;
    }

    /** Nothing of what fails was taken; but where a connection breaks off, Dogsled cannot know that. */
    private void fault(int which) {
        server.play(
                switch (which % 4) {
                    case 0 -> Scenario.everywhere().status(503).times(3);
                    case 1 ->
                        Scenario.everywhere().cut(Scenario.Cut.BEFORE_READING).times(2);
                    case 2 ->
                        Scenario.everywhere().latency(Duration.ofMillis(100)).times(5);
                    default -> Scenario.everywhere().closeConnection().times(5);
                });
    }

    /** Until nothing is held and nothing on its way; then what arrived is added up. */
    private void settle() {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            ask("POST", "/lambda/flush");
            return ask("GET", "/ledger").contains("\"held\":0");
        });
        intake.takeOver();
    }

    private String ask(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + controlPort + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void everythingArrived() {
        int tenth = (INVOCATIONS + 9) / 10;
        List<String> ledgers =
                said.stream().filter(line -> line.contains("DOGSLED ledger")).toList();
        assertThat(ledgers).hasSize(1);
        long possiblyTwice = possiblyDuplicated(ledgers.getFirst());
        assertThat(intake.count("soak.count")).isEqualTo(INVOCATIONS);
        assertThat(intake.count("soak.histogram.count")).isEqualTo(2L * INVOCATIONS);
        assertThat(intake.count("soak.timing.count")).isEqualTo(INVOCATIONS);
        assertThat(intake.values("soak.distribution")).isBetween(3L * INVOCATIONS, 3L * INVOCATIONS + possiblyTwice);
        assertThat(intake.events()).isBetween((long) tenth, tenth + possiblyTwice);
        assertThat(intake.checks()).isEqualTo(tenth);

        long samples = 9L * INVOCATIONS + 2L * tenth;
        assertThat(ledgers.getFirst())
                .contains("\"received\":" + samples + ",\"delivered\":" + samples + ",\"held\":0,")
                .contains(",\"lost\":{},\"rejected\":{},\"kernel_dropped\":0");
    }

    private static long possiblyDuplicated(String ledger) {
        String behind = ledger.substring(ledger.indexOf("possibly_duplicated\":") + "possibly_duplicated\":".length());
        return Long.parseLong(behind.substring(0, behind.indexOf(',')));
    }

    /**
     * What survives some young collections, such as the cells of a bucket, ends in the old generation, which the JVM lets fill up
     * to {@code -Xmx} before it looks what of it is alive: some 40 KB a second of this traffic, 150 to 190 bytes an invocation
     * (docs/benchmarks.md). A leak of more than 256 bytes an invocation is found. A connection that is just being opened anew
     * is one descriptor more for a moment; a leak is one for good.
     */
    private void nothingGrew() {
        assertThat(median(launcher, 40, 50, Footprint::rssKb) - median(launcher, 10, 20, Footprint::rssKb))
                .as("KB that the launcher grew by: %s", launcher)
                .isLessThanOrEqualTo(256);
        assertThat(median(engine, 40, 50, Footprint::rssKb) - median(engine, 20, 30, Footprint::rssKb))
                .as("KB that the engine grew by: %s", engine)
                .isLessThanOrEqualTo(4_096 + INVOCATIONS / 10);
        for (ToLongFunction<Footprint> count :
                List.<ToLongFunction<Footprint>>of(Footprint::openFiles, Footprint::threads)) {
            assertThat(median(launcher, 40, 50, count))
                    .as("%s", launcher)
                    .isLessThanOrEqualTo(highest(launcher, 0, 25, count));
            assertThat(median(engine, 40, 50, count))
                    .as("%s", engine)
                    .isLessThanOrEqualTo(highest(engine, 0, 25, count));
        }
        for (List<Footprint> one : List.of(launcher, engine)) {
            assertThat(one.getLast().writtenBytes() - one.getFirst().writtenBytes())
                    .as("bytes to a disk; the access time of a file that is read counts as a page")
                    .isLessThanOrEqualTo(16_384);
        }
    }

    private static long median(List<Footprint> samples, int from, int to, ToLongFunction<Footprint> of) {
        long[] values = samples.subList(from, to).stream().mapToLong(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static long highest(List<Footprint> samples, int from, int to, ToLongFunction<Footprint> of) {
        return samples.subList(from, to).stream().mapToLong(of).max().orElseThrow();
    }

    private void writeDown() throws IOException {
        StringBuilder table = new StringBuilder(
                "invocations | launcher RSS, private KB, fds, threads | engine RSS, private KB, fds, threads\n");
        for (int i = 0; i < engine.size(); i++) {
            table.append((i + 1) * (INVOCATIONS / SAMPLES))
                    .append(" | ")
                    .append(line(launcher.get(i)))
                    .append(" | ");
            table.append(line(engine.get(i))).append('\n');
        }
        Files.writeString(Packaged.file("soak.txt"), table.toString(), StandardCharsets.UTF_8);
    }

    private static String line(Footprint at) {
        return at.rssKb() + " " + at.privateKb() + " " + at.openFiles() + " " + at.threads();
    }
}
