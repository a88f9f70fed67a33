package io.dogsled.it.contract;

import static io.dogsled.it.Platform.EXTENSION;
import static org.assertj.core.api.Assertions.assertThat;

import io.dogsled.emulator.Fault;
import io.dogsled.emulator.Invocation;
import io.dogsled.emulator.LogLine;
import io.dogsled.emulator.Mark;
import io.dogsled.emulator.Mode;
import io.dogsled.it.Platform;
import io.dogsled.it.ScriptedFunction;
import io.dogsled.testing.ContractCase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ERR: defects of our own, and calls that are never made. */
@Timeout(120)
class ErrorIT {
    @RegisterExtension
    private final Trial trial = new Trial();

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest
    @ContractCase("ERR-01")
    @CsvSource({
        "aggregator.Aggregator, accept",
        "aggregator.Aggregator, flush",
        "serializer.PayloadSerializer, series",
        "http.HttpConnection, exchange",
        "telemetry.PlatformEvents, read"
    })
    void anUnexpectedExceptionHarmsNoInvocation(String type, String method) throws IOException {
        trial.inHaste();
        trial.emulator().layer(BrokenLayer.in(folder, type, method, IllegalStateException.class));
        for (int i = 0; i < 5; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        }
        trial.shutdown();

        assertThat(trial.lines("IllegalStateException").stream()
                        .filter(line -> !line.contains("ledger"))
                        .distinct())
                .as("the one about it, and, if it was the delivery, one about what is not delivered: %s", ours())
                .hasSizeBetween(1, 2);
    }

    /** The choice: the engine ends at once, another takes its place, and the platform sees nothing of it. */
    @ParameterizedTest
    @ContractCase("ERR-02")
    @CsvSource({
        "java.lang.OutOfMemoryError, serializer.PayloadSerializer, series",
        "java.lang.OutOfMemoryError, aggregator.Aggregator, flush",
        "java.lang.InternalError, flush.Flusher, flush",
        "java.lang.StackOverflowError, aggregator.Aggregator, accept"
    })
    void anErrorOfTheJvmHarmsNoInvocation(String error, String type, String method) throws Exception {
        trial.inHaste();
        Class<? extends Throwable> thrown = Class.forName(error).asSubclass(Throwable.class);
        trial.emulator().layer(BrokenLayer.in(folder, type, method, thrown));
        for (int i = 0; i < 5; i++) {
            Invocation.Result result = trial.succeeds("orders:1|c");
            assertThat(result.times().afterRuntimeDoneSent()).isLessThan(Trial.HELD);
        }
        trial.shutdown();
        assertThat(ours()).isNotEmpty();
    }

    /** Either would end the sandbox: we rather go on without metrics. See {@code deviations.json}. */
    @Test
    @ContractCase("ERR-04")
    void neitherInitErrorNorExitErrorIsEverCalled() {
        trial.emulator().freeze(false);
        trial.warmUp();
        trial.script(Fault.Route.NEXT, Fault.status(403, "Extension.UnknownExtensionIdentifier"));
        int before = trial.polls();

        assertThat(trial.invoke("orders:1|c").outcome()).isEqualTo(Invocation.Outcome.CRASH);

        assertThat(trial.exit().detail()).isNotEqualTo("0");
        assertThat(trial.polls()).isEqualTo(before + 1);
        assertThat(trial.calls("/error")).isEmpty();
    }

    @Test
    @ContractCase("ERR-05")
    void aThousandMixedInvocationsCauseNoIllegalCall() {
        long seed = Long.getLong("dogsled.seed", System.nanoTime());
        List<CompletableFuture<Void>> worlds = List.of(
                CompletableFuture.runAsync(() -> mixed(Mode.PRODUCTION, 200, seed)),
                CompletableFuture.runAsync(() -> mixed(Mode.PRODUCTION, 200, seed + 1)),
                CompletableFuture.runAsync(() -> mixed(Mode.RIE, 600, seed + 2)));
        assertThat(worlds)
                .as("seed %d", seed)
                .allSatisfy(world -> assertThat(world).succeedsWithin(Duration.ofSeconds(100)));
    }

    /** A life in which every eighth poll or so is answered strangely, and every tenth function fails. */
    private static void mixed(Mode mode, int invocations, long seed) {
        Random random = new Random(seed);
        Trial trial = new Trial();
        try {
            trial.emulator().mode(mode);
            trial.start(event -> sendOrFail(trial, event));
            trial.script(Fault.Route.REGISTER, Fault.reset(), Fault.split());
            int failed = 0;
            for (int i = 0; i < invocations; i++) {
                if (random.nextInt(8) == 0) {
                    trial.script(Fault.Route.NEXT, oneOf(random));
                }
                boolean fails = random.nextInt(10) == 0;
                failed += fails ? 1 : 0;
                Invocation.Result result = trial.invoke(fails ? "failed:1|c" : "orders:1|c");
                assertThat(result.outcome())
                        .isEqualTo(fails ? Invocation.Outcome.FUNCTION_ERROR : Invocation.Outcome.SUCCESS);
            }
            trial.sandbox().clearFaults();
            trial.shutdown();
            assertThat(trial.count("failed")).isEqualTo(failed);
            assertThat(trial.count("orders")).isEqualTo(invocations - failed);
            assertThat(trial.sandbox().marks(Mark.Kind.EXEC, EXTENSION)).hasSize(1);
        } finally {
            trial.close();
        }
    }

    private static void sendOrFail(Trial trial, String event) throws ScriptedFunction.Failed {
        trial.send(event);
        if (event.startsWith("failed")) {
            throw new ScriptedFunction.Failed("Function.Broken");
        }
    }

    private static Fault[] oneOf(Random random) {
        List<Fault> faults = new ArrayList<>(List.of(
                Fault.status(500, "InternalServerError"),
                Fault.status(403, "Extension.InvalidExtensionState"),
                Fault.status(502, ""),
                Fault.reset(),
                Fault.delayed(Duration.ofMillis(20)),
                Fault.body(event -> event.substring(1)),
                Fault.body(event -> event.replace("\"INVOKE\"", "\"OTHER\"")),
                Fault.body(event -> event.replaceFirst("\"deadlineMs\":\\d+", "\"deadlineMs\":1")),
                Fault.withoutHeader("Lambda-Extension-Event-Identifier"),
                Fault.withoutHeader("Content-Type"),
                Fault.textPlain()));
        faults.addAll(List.of(
                Fault.chunked(), Fault.split(), Fault.closing(), Fault.lowerCaseHeaders(), Fault.upperCaseHeaders()));
        Fault fault = faults.get(random.nextInt(faults.size()));
        return random.nextInt(4) == 0 ? new Fault[] {fault, fault} : new Fault[] {fault};
    }

    private List<String> ours() {
        return trial.sandbox().lines().stream()
                .filter(line -> line.source().equals(Platform.EXTENSION))
                .map(LogLine::text)
                .toList();
    }
}
