package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Sandbox;
import io.dogsled.testing.ContractCase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** REG: who the extension says it is, and what it does when the platform will not have it. */
@Timeout(60)
class RegistrationIT {
    private static final String REGISTER = "/extension/register";
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    @RegisterExtension
    private final Trial trial = new Trial();

    /** A wrong name with INVOKE alone would be an internal extension, and Init would hang; with SHUTDOWN it is refused. */
    @Test
    void itRegistersUnderItsFileNameForBothEventsBeforeAnythingElse() {
        try (RawPlatform platform = new RawPlatform(RawPlatform.from(next -> Optional.empty()));
                Launched extension = new Launched(Map.of("AWS_LAMBDA_RUNTIME_API", platform.authority()))) {
            await().atMost(Trial.LONG)
                    .until(() -> !platform.requests("/event/next").isEmpty());
            assertThat(extension.alive()).isTrue();
            assertThat(platform.requests().getFirst())
                    .startsWith("POST /2020-01-01/extension/register HTTP/1.1\r\n")
                    .contains("\r\nLambda-Extension-Name: dogsled\r\n")
                    .contains("\r\nLambda-Extension-Accept-Feature: accountId\r\n")
                    .endsWith("\r\n\r\n{\"events\":[\"INVOKE\",\"SHUTDOWN\"]}");
            assertThat(platform.requests(REGISTER)).hasSize(1);
        }
    }

    @Test
    @ContractCase("REG-03")
    void theIdentifierIsRecognisedInAnyCapitalisation() {
        for (Fault shape : new Fault[] {Fault.lowerCaseHeaders(), Fault.upperCaseHeaders()}) {
            trial.script(Fault.Route.REGISTER, shape);
            trial.init();
            trial.shutdown();
        }
        assertThat(trial.calls(REGISTER)).hasSize(2);
    }

    @Test
    void theAnswerMayComeInAnyShapeAndSayAnything() {
        UnaryOperator<String> empty = body -> "";
        UnaryOperator<String> unknown = body -> "{\"handler\":\"\",\"accountId\":null,\"more\":{\"a\":[1]}}";
        int life = 0;
        for (Fault shape : new Fault[] {
            Fault.chunked(), Fault.split(), Fault.closing(), Fault.textPlain(), Fault.body(empty), Fault.body(unknown)
        }) {
            trial.script(Fault.Route.REGISTER, shape);
            trial.init();
            life++;
            trial.succeeds("orders." + life + ":1|c");
            trial.shutdown();
            assertThat(trial.count("orders." + life)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ContractCase("REG-04")
    @ValueSource(strings = {"123456789012", ""})
    void theAccountIsATagWhereThePlatformTellsIt(String accountId) {
        trial.with("DD_ENHANCED_METRICS", "true");
        trial.emulator().accountId(accountId);
        trial.warmUp();
        trial.shutdown();

        List<String> tags = trial.intake().intake().sketches().stream()
                .filter(sketch -> sketch.context().metric().startsWith("aws.lambda.enhanced."))
                .flatMap(sketch -> sketch.context().tags().stream())
                .distinct()
                .toList();
        assertThat(tags).as("there are some").contains("functionname:sample");
        assertThat(tags.stream().filter(tag -> tag.contains("account")).sorted())
                .containsExactlyElementsOf(
                        accountId.isEmpty()
                                ? List.of()
                                : List.of("account_id:" + accountId, "aws_account:" + accountId));
    }

    @ParameterizedTest
    @ContractCase("REG-05")
    @ValueSource(
            strings = {
                "Extension.InvalidExtensionState",
                "Extension.TooManyExtensions",
                "Extension.RegistrationClosed",
                "Extension.InvalidExtensionName",
                "InvalidRequestFormat"
            })
    void aRefusalIsNamedAndTheEnd(String errorType) {
        trial.sandbox().always(Fault.Route.REGISTER, Fault.status(403, errorType));

        assertThat(trial.sandbox().init().errorType()).isEqualTo("Extension.Crash");

        refused(errorType);
    }

    @ParameterizedTest
    @ContractCase("REG-06")
    @CsvSource({"500, InternalServerError", "500, ''", "400, InvalidRequestFormat", "404, ''", "503, ''", "202, ''"})
    void anyOtherAnswerIsTheEndToo(int status, String errorType) {
        trial.sandbox().always(Fault.Route.REGISTER, Fault.status(status, errorType));

        assertThat(trial.sandbox().init().ok()).isFalse();

        refused("status " + status);
    }

    @Test
    void anAnswerWithoutIdentifierIsTheEnd() {
        trial.sandbox().always(Fault.Route.REGISTER, Fault.withoutHeader("Lambda-Extension-Identifier"));

        assertThat(trial.sandbox().init().ok()).isFalse();

        refused("no Lambda-Extension-Identifier");
    }

    @Test
    @ContractCase("REG-07")
    void aPlatformThatIsNotThereYetIsWaitedFor() {
        trial.sandbox().dropApi();
        CompletableFuture<Sandbox.InitReport> init =
                CompletableFuture.supplyAsync(() -> trial.sandbox().init());
        trial.awaitMark(Mark.Kind.EXEC, 1);
        long executedNs = trial.first(Mark.Kind.EXEC).atNs();
        await().until(() ->
                System.nanoTime() - executedNs > Duration.ofMillis(200).toNanos());
        assertThat(trial.sandbox().pid(EXTENSION).flatMap(ProcessHandle::of)).isPresent();
        assertThat(trial.calls(REGISTER)).isEmpty();
        trial.sandbox().reopenApi();

        assertThat(init.join().ok()).isTrue();
        assertThat(trial.calls(REGISTER)).hasSize(1);
        trial.shutdown();
    }

    @Test
    void aPlatformThatNeverComesIsLeftWithOneLine() {
        try (Launched extension = new Launched(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9"))) {
            assertThat(extension.exitCode()).isNotZero();
            assertThat(extension.lines())
                    .singleElement()
                    .asString()
                    .contains("no answer from 127.0.0.1:9")
                    .contains("AWS_LAMBDA_RUNTIME_API");
        }
    }

    /** A second registration while the first one waits would be refused, and its refusal believed. */
    @Test
    void aSlowAnswerIsWaitedForOnce() {
        trial.script(Fault.Route.REGISTER, Fault.delayed(Duration.ofMillis(2500)));

        trial.init();
        trial.shutdown();

        assertThat(trial.calls(REGISTER)).hasSize(1);
    }

    @Test
    void aConnectionThatBreaksIsTriedAgain() {
        trial.script(Fault.Route.REGISTER, Fault.reset(), Fault.reset());

        trial.init();
        trial.shutdown();

        assertThat(trial.calls(REGISTER)).hasSize(3);
    }

    /** Named in one line, asked once, gone at once, and never a poll. */
    private void refused(String named) {
        assertThat(trial.exit().detail()).isNotEqualTo("0");
        assertThat(trial.life()).isLessThan(AT_ONCE);
        assertThat(trial.lines(named).stream().filter(line -> !line.startsWith("INIT_REPORT")))
                .hasSize(1);
        assertThat(trial.calls(REGISTER)).hasSize(1);
        assertThat(trial.polls()).isZero();
    }
}
