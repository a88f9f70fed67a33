package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.Mark;
import io.dogsled.it.Platform;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TEL: the subscription, what telemetry says, and what happens when it says nothing, nonsense, or the same twice. */
@Timeout(90)
class TelemetryIT {
    private static final String SILENT = "nobody announced the end of invocation";

    @RegisterExtension
    private final Trial trial = new Trial();

    @Test
    void theSubscriptionIsForThePlatformsEventsAndStandsBeforeTheFirstPoll() {
        trial.init();

        assertThat(trial.first(Mark.Kind.SUBSCRIBED).detail()).isEqualTo("[platform]");
        assertThat(trial.first(Mark.Kind.SUBSCRIBED).atNs())
                .isBetween(
                        trial.first(Mark.Kind.REGISTERED).atNs(),
                        trial.first(Mark.Kind.NEXT).atNs());
        assertThat(trial.calls("/telemetry")).hasSize(1);
    }

    @Test
    @ContractCase("TEL-02")
    void whereTelemetryIsNotSupportedItIsNotAskedForAgain() {
        trial.sandbox().always(Fault.Route.TELEMETRY, Fault.status(202, "Telemetry.NotSupported"));
        goesOnWithoutTelemetry();
    }

    static Stream<Fault> refusals() {
        return Stream.of(
                Fault.status(400, "ValidationError"),
                Fault.status(403, "Telemetry.SubscriptionClosed"),
                Fault.status(404, ""),
                Fault.status(500, "InternalServerError"),
                Fault.reset());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    @ContractCase("TEL-03")
    void aRefusedOrBrokenSubscriptionIsAsGoodAsNone(Fault refusal) {
        trial.sandbox().always(Fault.Route.TELEMETRY, refusal);
        goesOnWithoutTelemetry();
    }

    /** Nobody waits for an end that nobody announces, and everything arrives, at the latest at the end. */
    private void goesOnWithoutTelemetry() {
        trial.succeeds("{}"); // waits for an engine that is still starting
        for (int i = 0; i < 3; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntime()).isLessThan(Duration.ofSeconds(1));
        }
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(3);
        assertThat(trial.calls("/telemetry")).hasSize(1);
        assertThat(trial.calls("/error")).isEmpty();
        assertThat(trial.lines(SILENT)).isEmpty();
    }

    @Test
    @ContractCase("TEL-04")
    void aSubscriptionThatHangsDoesNotKeepTheFirstPollBack() {
        trial.sandbox().always(Fault.Route.TELEMETRY, Fault.hang());
        trial.init();

        long waitedNs = trial.first(Mark.Kind.NEXT).atNs()
                - trial.first(Mark.Kind.REGISTERED).atNs();
        assertThat(Duration.ofNanos(waitedNs)).isLessThan(Duration.ofSeconds(4));
        trial.succeeds("orders:1|c");
        trial.shutdown();
        assertThat(trial.count("orders")).isEqualTo(1);
    }

    @Test
    @ContractCase("TEL-05")
    void whatIsUnknownMissingOrOfAnotherTypeDoesNotHideWhatIsKnown() {
        trial.emulator().freeze(false);
        trial.warmUp();
        trial.sandbox().rewriteTelemetry(batch -> {
            List<String> bent = new ArrayList<>(List.of(
                    "{\"time\":\"2026-01-01T00:00:00.000Z\",\"type\":\"platform.fromTheFuture\",\"record\":{\"a\":[1,{}]}}",
                    "{\"type\":\"platform.fault\",\"record\":\"a string\"}",
                    "{\"time\":7,\"type\":null,\"record\":null}",
                    "{\"type\":\"platform.report\",\"record\":{\"requestId\":\"x\",\"metrics\":{\"durationMs\":7}}}",
                    "{\"type\":\"platform.report\",\"record\":\"REPORT\"}",
                    "{}",
                    "17"));
            for (String event : batch) {
                bent.add(event.replaceAll(",\"metrics\":\\{[^}]*}", ",\"metrics\":{\"durationMs\":5}")
                        .replaceAll(",\"spans\":\\[[^]]*]", ",\"spans\":null,\"unknown\":[[{}]]")
                        .replaceAll(",\"tracing\":\\{[^}]*}", ""));
            }
            return bent;
        });
        for (int i = 1; i <= 3; i++) {
            trial.succeeds("orders:1|c");
            assertThat(trial.count("orders")).as("its end was heard").isEqualTo(i);
        }
        assertThat(quickest("[{\"type\":\"platform.fault\",\"record\":\"s\"},{},null,1]"))
                .isLessThan(Duration.ofMillis(100));
        trial.sandbox().rewriteTelemetry(batch -> batch);
        trial.shutdown();
        assertThat(trial.lines(SILENT)).isEmpty();
        assertThat(trial.lines("internal_errors")).isEmpty();
    }

    /** The quickest of a few answers: the machine may do something else meanwhile. */
    private Duration quickest(String body) {
        Duration quickest = Trial.LONG;
        for (int i = 0; i < 5; i++) {
            long startNs = System.nanoTime();
            assertThat(trial.sandbox().postTelemetry(body)).containsExactly(200);
            Duration took = Duration.ofNanos(System.nanoTime() - startNs);
            quickest = took.compareTo(quickest) < 0 ? took : quickest;
        }
        return quickest;
    }

    @Test
    @ContractCase("TEL-06")
    void aBatchThatCannotBeReadIsAcceptedAndCounted() {
        trial.emulator().freeze(false);
        trial.warmUp();
        List<String> nonsense = List.of(
                "",
                "[",
                "no JSON",
                "{}",
                "[{\"type\":\"platform.runtimeDone\",\"record\":",
                "\u0000",
                "[" + "[".repeat(100_000),
                "\"" + "x".repeat(1_000_000));
        for (String body : nonsense) {
            assertThat(trial.sandbox().postTelemetry(body))
                    .as(body.substring(0, Math.min(40, body.length())))
                    .containsExactly(200);
        }
        trial.succeeds("orders:1|c");
        assertThat(trial.count("orders")).isEqualTo(1);
        trial.shutdown();

        assertThat(trial.lines("DOGSLED notes"))
                .singleElement()
                .asString()
                .contains("\"telemetry_unreadable\":" + nonsense.size());
    }

    @Test
    void whatThePlatformDroppedIsCounted() {
        trial.emulator().freeze(false);
        trial.warmUp();
        String dropped =
                "[{\"time\":\"2026-01-01T00:00:00.000Z\",\"type\":\"platform.logsDropped\",\"record\":{\"reason\":"
                        + "\"Consumer seems to have fallen behind\",\"droppedRecords\":7,\"droppedBytes\":700}}]";
        assertThat(trial.sandbox().postTelemetry(dropped)).containsExactly(200);
        trial.shutdown();
        assertThat(trial.lines("\"telemetry_dropped\":1")).hasSize(1);
    }

    @Test
    @ContractCase("TEL-07")
    void theEndOfAnotherInvocationEndsNothing() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        trial.emulator().freeze(false);
        trial.start(event -> {
            trial.send(event);
            if (event.startsWith("slow")) {
                awaitEnd(mayEnd);
            }
        });
        trial.warmUp();
        Invocation.Result first = trial.succeeds("orders:1|c");

        Invocation second = trial.sandbox().invoke(Invocation.Request.of("slow:1|c"));
        await().atMost(Trial.LONG).until(() -> hasEvent(second.requestId()));
        for (int i = 0; i < 2; i++) {
            assertThat(trial.sandbox().postTelemetry(end(first.requestId()))).containsExactly(200);
        }
        int polls = trial.polls();
        trial.send("behind:1|c");
        mayEnd.countDown();
        Invocation.Result result = Platform.succeeds(second.result().join());

        assertThat(polls).as("the poll for the second invocation was the last").isEqualTo(trial.polls() - 1);
        assertThat(result.times().finishedNs()).isGreaterThan(result.times().runtimeDoneNs());
        assertThat(trial.count("behind")).as("the flush came after the end").isEqualTo(1);
        twiceEverything();
        assertThat(trial.count("orders")).isEqualTo(3);
        assertThat(trial.lines(SILENT)).isEmpty();
        assertThat(trial.intake().intake().duplicates()).allMatch(again -> !again.same());
    }

    /** Two invocations whose telemetry comes twice, and the end. */
    private void twiceEverything() {
        trial.sandbox()
                .rewriteTelemetry(
                        batch -> Stream.concat(batch.stream(), batch.stream()).toList());
        trial.succeeds("orders:1|c");
        trial.succeeds("orders:1|c");
        trial.shutdown();
    }

    private static void awaitEnd(CountDownLatch mayEnd) throws IOException {
        try {
            mayEnd.await();
        } catch (InterruptedException closed) {
            throw new InterruptedIOException(closed.toString());
        }
    }

    private boolean hasEvent(String requestId) {
        return trial.sandbox().marks(Mark.Kind.EVENT, EXTENSION).stream()
                .anyMatch(mark -> mark.detail().contains(requestId));
    }

    private static String end(String requestId) {
        return "[{\"time\":\"2026-01-01T00:00:00.000Z\",\"type\":\"platform.runtimeDone\",\"record\":{\"requestId\":\""
                + requestId + "\",\"status\":\"success\"}}]";
    }

    @Test
    @ContractCase("TEL-08")
    void anEndThatIsNeverAnnouncedIsWaitedForOnceAndNotToTheDeadline() {
        trial.inHaste();
        trial.warmUp();
        trial.sandbox().rewriteTelemetry(batch -> List.of());

        Invocation.Result silent = trial.succeeds("orders:1|c");
        Duration took =
                Duration.ofNanos(silent.times().finishedNs() - silent.times().startedNs());
        assertThat(took).isLessThan(Duration.ofMillis(3_000 - 40));
        trial.sandbox().rewriteTelemetry(batch -> batch);
        for (int i = 0; i < 3; i++) {
            Invocation.Result next = trial.succeeds("orders:1|c");
            assertThat(next.times().afterRuntime())
                    .as("never trusted again, not even when it speaks")
                    .isLessThan(Trial.HELD);
        }
        trial.shutdown();

        assertThat(trial.count("orders")).isEqualTo(4);
        assertThat(trial.lines(SILENT)).hasSize(1);
    }

    @Test
    void anEndThatIsAnnouncedLateIsWaitedFor() {
        trial.warmUp();
        trial.sandbox().delayTelemetry(Duration.ofMillis(400));
        for (int i = 1; i <= 3; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntime()).isGreaterThan(Duration.ofMillis(400));
            assertThat(trial.count("orders")).isEqualTo(i);
        }
        trial.sandbox().delayTelemetry(Duration.ZERO);
        trial.shutdown();
        assertThat(trial.lines(SILENT)).isEmpty();
    }

    @Test
    void theOrderWithinABatchDoesNotMatter() {
        trial.warmUp();
        trial.sandbox().rewriteTelemetry(List::reversed);
        for (int i = 1; i <= 3; i++) {
            trial.succeeds("orders:1|c");
            assertThat(trial.count("orders")).isEqualTo(i);
        }
        trial.shutdown();
        assertThat(trial.lines(SILENT)).isEmpty();
    }
}
