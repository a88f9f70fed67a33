package io.dogsled.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NXT: how the extension asks for its next event, and what it makes of the answer. */
@Timeout(60)
class PollingIT {
    private static final String NEXT = "/event/next";
    private static final String INVALID_STATE = "Extension.InvalidExtensionState";
    private static final long PAUSE_NS = Duration.ofMillis(50).toNanos();

    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    @ContractCase("NXT-01")
    void theFirstPollIsAGetWithTheIdentifierAndNothingElse() {
        try (RawPlatform platform = new RawPlatform(RawPlatform.from(next -> Optional.empty()));
                Launched extension = new Launched(Map.of("AWS_LAMBDA_RUNTIME_API", platform.authority()))) {
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !platform.requests(NEXT).isEmpty());

            assertThat(platform.requests(NEXT))
                    .containsExactly("GET /2020-01-01/extension/event/next HTTP/1.1\r\nHost: " + platform.authority()
                            + "\r\nLambda-Extension-Identifier: 7b6f0f2c-0b5a-4a3e-8c39-8c8c5d2c1f00\r\n\r\n");
            assertThat(platform.requests())
                    .extracting(request -> request.substring(0, request.indexOf(" HTTP")))
                    .containsExactly(
                            "POST /2020-01-01/extension/register",
                            "PUT /2022-07-01/telemetry",
                            "GET /2020-01-01/extension/event/next");
            assertThat(extension.alive()).isTrue();
        }
    }

    /** What the kernel says the launcher does while nothing happens: it waits in poll(2) or ppoll(2) with no time limit. */
    @Test
    void anOpenPollHasNoTimeLimit() {
        trial.emulator().freeze(false).timeout(Duration.ofSeconds(2)); // the last tick that was asked for is then near
        trial.warmUp();
        long launcher = trial.sandbox().pid(Platform.EXTENSION).orElseThrow();

        await().atMost(Trial.LONG)
                .untilAsserted(() ->
                        assertThat(waitsForEver(launcher)).as(syscall(launcher)).isTrue());
        trial.shutdown();
    }

    @Test
    @ContractCase("NXT-03")
    void neverMoreThanOnePollIsOutstanding() {
        trial.warmUp();
        for (int i = 0; i < 100; i++) {
            trial.succeeds("orders:1|c");
        }
        trial.shutdown();

        assertThat(trial.sandbox().maxOutstandingNext(Platform.EXTENSION)).isEqualTo(1);
        assertThat(trial.polls())
                .as("one for each event")
                .isEqualTo(trial.sandbox()
                        .marks(Mark.Kind.EVENT, Platform.EXTENSION)
                        .size());
        assertThat(trial.count("orders")).isEqualTo(100);
    }

    @Test
    @ContractCase("NXT-04")
    void anInvokeWithoutTracingAndEventIdentifierIsAnInvoke() {
        trial.warmUp();
        trial.sandbox().always(Fault.Route.NEXT, Fault.withoutHeader("Lambda-Extension-Event-Identifier"));
        for (int i = 1; i <= 3; i++) {
            Invocation.Request request = Invocation.Request.of("orders:1|c").withoutTrace();
            Platform.succeeds(trial.sandbox().invoke(request).result().join());
            assertThat(trial.count("orders")).isEqualTo(i);
        }
        trial.shutdown();
    }

    @Test
    @ContractCase("NXT-05")
    void unknownFieldsInAnyOrderChangeNothing() {
        trial.warmUp();
        trial.sandbox().always(Fault.Route.NEXT, Fault.body(PollingIT::unusual));
        for (int i = 1; i <= 3; i++) {
            trial.succeeds("orders:1|c");
            assertThat(trial.count("orders")).isEqualTo(i);
        }
        trial.shutdown();
    }

    @Test
    @ContractCase("NXT-06")
    void anUnknownEventIsAtMostOneLineAndPolledOver() {
        survivesAnswers(List.of(
                event -> event.replace("\"INVOKE\"", "\"RECLAIM\""),
                event -> event.replace("eventType", "kindOfEvent"),
                event -> event.replace("\"INVOKE\"", "42")));

        assertThat(trial.lines("unknown event")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @ContractCase("NXT-07")
    void malformedJsonIsAtMostOneLineAndPolledOver() {
        survivesAnswers(List.of(
                event -> event.substring(0, event.length() / 2),
                event -> "",
                event -> "null",
                event -> "[" + event + "]",
                event -> event + event,
                event -> "<html>503</html>",
                event -> "{\"eventType\":\"SHUTDOWN\"",
                event -> "\u0000".repeat(100_000)));

        assertThat(trial.lines("no JSON object")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @ContractCase("NXT-08")
    void anErrorOfThePlatformIsWaitedOut() {
        trial.warmUp();
        int before = trial.polls();
        Fault internal = Fault.status(500, "InternalServerError");
        trial.script(Fault.Route.NEXT, internal, internal, internal);

        trial.succeeds("orders:1|c");
        trial.succeeds("orders:1|c");
        trial.shutdown();

        List<Long> times = trial.calls(NEXT);
        assertThat(times).as("one poll of each invocation, three repeated").hasSize(before + 2 + 3);
        for (int i = before + 1; i <= before + 3; i++) {
            assertThat(times.get(i) - times.get(i - 1)).isGreaterThanOrEqualTo(PAUSE_NS);
        }
        assertThat(trial.lines("/next answered status 500")).hasSize(1);
        assertThat(trial.count("orders")).isEqualTo(2);
    }

    /** It clears at the next event; to exit would reset the sandbox. */
    @ParameterizedTest
    @ValueSource(strings = {INVALID_STATE, "Extension.MissingExtensionIdentifier", "InvalidRequestFormat"})
    void anotherRefusalIsWaitedOutToo(String errorType) {
        trial.warmUp();
        Fault refused = Fault.status(403, errorType);
        trial.script(Fault.Route.NEXT, refused, Fault.reset(), Fault.status(404, ""));

        trial.succeeds("orders:1|c");
        trial.succeeds("orders:1|c");
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(2);
        assertThat(trial.lines("/next answered status 403, " + errorType)).hasSize(1);
    }

    @Test
    @ContractCase("NXT-10")
    void whoIsUnknownFlushesOnceAndLeaves() {
        trial.with("DD_SERVERLESS_FLUSH_STRATEGY", "periodically,3600000");
        trial.emulator().freeze(false);
        trial.succeeds("warm:1|c"); // the first event flushes, later ones do not
        trial.awaitCount("warm", 1);
        int before = trial.polls();
        trial.script(Fault.Route.NEXT, Fault.status(403, "Extension.UnknownExtensionIdentifier"));

        trial.send("orders:3|c");
        Invocation.Result result = trial.invoke("{}");

        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.CRASH);
        assertThat(trial.exit().detail()).isNotEqualTo("0");
        assertThat(trial.count("orders")).as("the last flush").isEqualTo(3);
        assertThat(trial.polls()).isEqualTo(before + 1);
        assertThat(trial.lines("the platform is gone: it answers 403")).hasSize(1);
    }

    @Test
    @ContractCase("NXT-11")
    void aPlatformThatIsGoneIsLeftAfterTwoSecondsWithoutSpinning() {
        trial.emulator().freeze(false);
        trial.warmUp();
        trial.sandbox().dropApi();
        long goneNs = System.nanoTime();

        Mark exit = trial.exit();

        assertThat(exit.detail()).isNotEqualTo("0");
        assertThat(Duration.ofNanos(exit.atNs() - goneNs)).isBetween(Duration.ofMillis(1500), Duration.ofSeconds(5));
        assertThat(trial.lines("the platform is gone: it refuses connections")).hasSize(1);
    }

    /** The same where the connections can be counted: somebody accepts them and closes. */
    @Test
    void connectionsThatBreakAreTriedLessThanTenTimesASecond() {
        try (RawPlatform platform = new RawPlatform(RawPlatform.from(next -> Optional.of("")));
                Launched extension = new Launched(Map.of("AWS_LAMBDA_RUNTIME_API", platform.authority()))) {
            await().atMost(Trial.LONG).until(() -> platform.requests(NEXT).size() >= 6);

            assertThat(platform.requests(NEXT).size())
                    .isLessThan(10 * (1 + (int) extension.age().toSeconds()));
            assertThat(extension.alive()).as("it is not gone, it only breaks").isTrue();
        }
    }

    @Test
    @ContractCase("NXT-12")
    void anAnswerMayComeInAnyShape() {
        trial.warmUp();
        List<Fault> shapes = List.of(
                Fault.chunked(),
                Fault.split(),
                Fault.closing(),
                Fault.lowerCaseHeaders(),
                Fault.upperCaseHeaders(),
                Fault.textPlain(),
                Fault.delayed(Duration.ofMillis(100)));
        int sent = 0;
        for (Fault shape : shapes) {
            trial.sandbox().always(Fault.Route.NEXT, shape);
            trial.succeeds("orders:1|c");
            trial.succeeds("orders:1|c");
            sent += 2;
            assertThat(trial.count("orders")).isEqualTo(sent);
        }
        trial.sandbox().clearFaults();
        trial.shutdown();
    }

    /** Each of these answers comes once in place of an INVOKE, and the invocations around it are as ever. */
    private void survivesAnswers(List<UnaryOperator<String>> rewrites) {
        trial.emulator().timeout(Duration.ofSeconds(3));
        trial.warmUp();
        for (UnaryOperator<String> rewrite : rewrites) {
            trial.script(Fault.Route.NEXT, Fault.body(rewrite)); // for the next poll: one is open already
            trial.succeeds("before:1|c");
            trial.succeeds("during:1|c");
            trial.succeeds("after:1|c");
        }
        trial.shutdown();

        for (String name : List.of("before", "during", "after")) {
            assertThat(trial.count(name)).as(name).isEqualTo(rewrites.size());
        }
    }

    /** The last field first, an unknown one before, between and behind, and blanks wherever they may be. */
    private static String unusual(String event) {
        String fields = event.strip().substring(1, event.strip().length() - 1);
        int deadline = fields.indexOf("\"deadlineMs\"");
        String extra = "\"x\" : {\"eventType\":\"SHUTDOWN\",\"deadlineMs\":[1,{\"requestId\":null}]} ";
        return "\n\t{ " + extra + ", " + fields.substring(deadline) + " ,\r\n" + extra.replace("\"x\"", "\"\\u0078y\"")
                + (deadline == 0 ? "" : ", " + fields.substring(0, deadline).replaceAll(",\\s*$", ""))
                + ", \"z\":1.5e300 } ";
    }

    /** Number and arguments of the system call that a process waits in. */
    private static String syscall(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/syscall")).strip();
    }

    /** {@code poll(fds, n, -1)} is 7 on x86_64, {@code ppoll(fds, n, NULL, …)} 73 on arm64. */
    private static boolean waitsForEver(long pid) throws IOException {
        String[] call = syscall(pid).split(" ", -1);
        return (call[0].equals("7") && call[3].endsWith("ffffffff")) || (call[0].equals("73") && call[3].equals("0x0"));
    }
}
