package io.dogsled.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dogsled.testserver.IntakeView;
import io.dogsled.testserver.ReceivedPayload;
import io.dogsled.testserver.Scenario;
import io.dogsled.testserver.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The command in this process, against a test server. */
class ReplayCommandTest {
    private static final String KEY = "0123456789abcdef0123456789abcdef";

    private final TestServer intake = TestServer.newTestServer();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        intake.close();
    }

    @Test
    void lettersOfInterleavedSandboxesArriveOnceEachWithTheKeyAndTheirHeaders() throws IOException {
        List<String> lines =
                new ArrayList<>(DeadLetterLines.lines("aa-1", 3, "checks", DeadLetterLines.checkJson("a")));
        lines.addAll(1, DeadLetterLines.lines("bb-1", 2, "checks", DeadLetterLines.checkJson("b")));
        lines.add(lines.removeFirst());
        lines.addAll(List.copyOf(lines));
        Path log = file("log.txt", String.join("\n", lines));

        assertThat(replay("--url", intake.url(), log.toString())).isZero();
        assertThat(names()).containsExactlyInAnyOrder("a", "b");
        ReceivedPayload payload = intake.payloads().getFirst();
        assertThat(payload.path()).isEqualTo("/api/v1/check_run");
        assertThat(payload.headers().toString().toLowerCase(java.util.Locale.ROOT))
                .contains("dd-api-key", KEY, "application/json", "deflate");
        assertThat(out.toString())
                .contains("2 whole letters in 10 lines (5 of them repeated), 0 incomplete, 0 damaged")
                .contains("delivered 2, not delivered 0")
                .doesNotContain(KEY);
    }

    @Test
    void foldersGzipJsonAndStdinAreRead() throws IOException {
        Files.createDirectories(folder.resolve("export/stream"));
        Files.write(
                folder.resolve("export/stream/000000.gz"),
                gzip("2026-11-21T22:14:07.001Z " + DeadLetterLines.check("aa-1", "gzipped") + "\n"));
        Path json = file(
                "log.json",
                new ObjectMapper()
                        .writeValueAsString(Map.of(
                                "events",
                                List.of(Map.of("message", DeadLetterLines.check("bb-1", "escaped") + "\n")))));

        assertThat(replay("--url", intake.url(), folder.resolve("export").toString(), json.toString()))
                .isZero();
        assertThat(names()).containsExactlyInAnyOrder("gzipped", "escaped");
    }

    @Test
    void aCutOffGzipFileGivesWhatItHoldsAndSaysSo() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            text.append(DeadLetterLines.check("aa-" + i, "c" + i)).append('\n');
        }
        byte[] whole = gzip(text.toString());
        Path cut = folder.resolve("cut.gz");
        Files.write(cut, java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThat(replay("--dry-run", cut.toString())).isEqualTo(3);
        assertThat(out.toString())
                .contains("letter aa-0,", "damaged: " + cut + ": the compressed file is cut off or damaged")
                .doesNotContain("letter aa-399,");
    }

    @Test
    void anIncompleteLetterIsNamedAndNotSent() throws IOException {
        List<String> lines = DeadLetterLines.lines("aa-1", 3, "checks", DeadLetterLines.checkJson("a"));
        Path log = file("log", lines.get(0) + "\n" + lines.get(2) + "\n" + DeadLetterLines.check("aa-2", "b"));

        assertThat(replay("--url", intake.url(), log.toString())).isEqualTo(3);
        assertThat(names()).containsExactly("b");
        assertThat(out.toString()).contains("incomplete: letter aa-1: part 2 of 3 is missing");
    }

    @Test
    void dataThatIsNotWhatWasWrittenIsNeverSent() throws IOException {
        List<String> one = DeadLetterLines.lines("aa-1", 2, "checks", DeadLetterLines.checkJson("a"));
        List<String> other = DeadLetterLines.lines("aa-1", 2, "checks", DeadLetterLines.checkJson("x"));
        Path log = file("log", one.get(0) + "\n" + other.get(1));
        Path contradiction = file(
                "contradiction",
                one.get(0) + "\n"
                        + DeadLetterLines.lines("aa-1", 2, "checks", "something else")
                                .get(0) + "\n" + one.get(1));

        assertThat(replay("--url", intake.url(), log.toString())).isEqualTo(3);
        assertThat(replay("--url", intake.url(), contradiction.toString())).isEqualTo(3);
        assertThat(intake.total()).isZero();
        assertThat(out.toString())
                .contains("damaged: letter aa-1: its data is not what was written")
                .contains("damaged: letter aa-1: two of its lines contradict each other");
    }

    @Test
    void whatTheIntakeCannotTakeNowIsTriedAgain() throws IOException {
        intake.play(Scenario.everywhere().status(503).times(1));
        Path log = file("log", DeadLetterLines.check("aa-1", "a"));

        assertThat(replay("--url", intake.url(), log.toString())).isZero();
        assertThat(intake.total()).isEqualTo(2);
        assertThat(names()).containsExactly("a");
    }

    @Test
    void whatIsTriedOftenEnoughIsGivenUpAndWhatIsRefusedIsNotTriedAgain() throws IOException {
        intake.play(Scenario.everywhere().status(400, 500).times(2));
        Path log = file(
                "log",
                DeadLetterLines.check("aa-1", "a") + "\n" + DeadLetterLines.check("aa-2", "b") + "\n"
                        + DeadLetterLines.check("aa-3", "c"));

        assertThat(replay("--url", intake.url(), "--attempts", "1", log.toString()))
                .isEqualTo(3);
        assertThat(out.toString())
                .contains("letter aa-1 (checks): refused: answered 400")
                .contains("letter aa-2 (checks): given up: answered 500")
                .contains("delivered 1, not delivered 2");
        assertThat(names()).containsExactly("c");
    }

    @Test
    void aKeyThatIsNotAcceptedEndsItAfterOneRequest() throws IOException {
        intake.play(Scenario.everywhere().status(403));
        Path log = file("log", DeadLetterLines.check("aa-1", "a") + "\n" + DeadLetterLines.check("aa-2", "b"));

        assertThat(replay("--url", intake.url(), log.toString())).isEqualTo(3);
        assertThat(intake.total()).isEqualTo(1);
        assertThat(out.toString()).contains("the API key is not accepted (403)", "not delivered 2");
    }

    @Test
    void anAnswerThatIsLostIsNamedWhereASecondDeliveryAddsUp() throws IOException {
        intake.play(Scenario.everywhere().cut(Scenario.Cut.LOSE_ANSWER).times(1));
        Path log = file(
                "log",
                DeadLetterLines.lines("aa-1", 1, "events", "{\"events\":{\"api\":[]}}")
                        .getFirst());

        assertThat(replay("--url", intake.url(), log.toString())).isZero();
        assertThat(out.toString()).contains("delivered 1 (1 perhaps twice)");
    }

    @Test
    @Timeout(20)
    void theHeadOfAnAnswerIsEnoughWhenItsBodyStalls() throws IOException {
        intake.play(Scenario.parse("slow-body:1m"));
        Path log = file("log", DeadLetterLines.check("aa-1", "a") + "\n" + DeadLetterLines.check("aa-2", "b"));

        assertThat(replay("--url", intake.url(), log.toString())).isZero();
        assertThat(intake.total()).isEqualTo(2);
        assertThat(names()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void aLogThatPowerShellWroteIsRead(String charset) throws IOException {
        Path log = folder.resolve("log");
        Files.writeString(log, "\ufeff\u00e4\r\n" + DeadLetterLines.check("aa-1", "a"), Charset.forName(charset));

        assertThat(replay("--url", intake.url(), log.toString())).isZero();
        assertThat(names()).containsExactly("a");
    }

    @Test
    void aSecondRunLeavesOutWhatWasDelivered() throws IOException {
        Path done = folder.resolve("done");
        Path log = file("log", DeadLetterLines.check("aa-1", "a"));
        assertThat(replay("--url", intake.url(), "--done", done.toString(), log.toString()))
                .isZero();
        Files.writeString(log, "\n" + DeadLetterLines.check("aa-2", "b"), java.nio.file.StandardOpenOption.APPEND);

        assertThat(replay("--url", intake.url(), "--done", done.toString(), log.toString()))
                .isZero();
        assertThat(names()).containsExactly("a", "b");
        assertThat(out.toString()).contains("delivered before 1");
        assertThat(done).content().isEqualTo("aa-1\naa-2\n");
    }

    @Test
    void aDryRunShowsWhatIsInItAndSendsNothingAndNeedsNoKey() throws IOException {
        Path log = file("log", DeadLetterLines.check("aa-1", "my.check"));

        assertThat(run(Map.of(), "--dry-run", "--url", intake.url(), log.toString()))
                .isZero();
        assertThat(intake.total()).isZero();
        assertThat(out.toString()).contains("letter aa-1, checks", "my.check", "1 values of 1 name");
    }

    @Test
    void aLogWithoutDeadLettersIsNoFailure() throws IOException {
        assertThat(replay("--url", intake.url(), file("log", "START\nEND\n").toString()))
                .isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("No dead letters were found.");
    }

    @Test
    void valuesThatTheIntakeMayDropForTheirAgeAreNamed() throws IOException {
        String old = DeadLetterLines.checkJson("a").replaceAll("\"timestamp\":\\d+", "\"timestamp\":1700000000");
        Path log = file("log", DeadLetterLines.lines("aa-1", 1, "checks", old).getFirst());

        assertThat(replay("--dry-run", log.toString())).isZero();
        assertThat(out.toString())
                .contains("note: 1 of the letters hold values older than an hour", "2023-11-14T22:13:20Z");
    }

    @Test
    void withoutAKeyNothingIsSentAndOneSentenceSaysWhatToDo() throws IOException {
        Path log = file("log", DeadLetterLines.check("aa-1", "a"));

        assertThat(run(Map.of(), "--url", intake.url(), log.toString())).isEqualTo(1);
        assertThat(err.toString().strip()).hasLineCount(1).contains("DD_API_KEY", "--dry-run");
        assertThat(intake.total()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "--url, http://user:secret@host, without a path",
        "--url, ftp://host, https://host[:port] is expected",
        "--url, http://host/path, without a path",
        "--site, https://datadoghq.eu, a host name such as",
        "--attempts, 0, not from 1 to 20"
    })
    void aWrongValueIsOneSentenceWithoutASecret(String option, String value, String expected) {
        assertThat(replay(option, value)).isEqualTo(2);
        assertThat(err.toString()).contains("'" + option + "'", expected).doesNotContain("secret");
    }

    @Test
    void aFileThatIsNotThereIsOneSentence() {
        assertThat(replay("--url", intake.url(), folder.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err.toString().strip()).hasLineCount(1).endsWith("none cannot be read.");
    }

    private List<String> names() {
        IntakeView view = intake.intake();
        return view.checks().stream().map(check -> check.name()).toList();
    }

    private int replay(String... args) {
        return run(Map.of("DD_API_KEY", KEY), args);
    }

    private int run(Map<String, String> environment, String... args) {
        CommandLine line = Dogsled.commandLine(new ReplayCommand(environment, Duration.ofMillis(1)));
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("replay"));
        all.addAll(List.of(args));
        return line.execute(all.toArray(String[]::new));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
