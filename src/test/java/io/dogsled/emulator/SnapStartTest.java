package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Init, snapshot, restore: what the runtime, the extension and the telemetry listener see. */
class SnapStartTest {
    private final Sandbox sandbox = Emulator.newEmulator()
            .mode(Mode.SNAP_START)
            .scriptedExtension("dogsled")
            .steppableClock()
            .start();
    private final LambdaClient runtime = new LambdaClient(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void initEndsWhenTheRuntimeWaitsForTheRestoreAndTheRestoreAnswersIt() {
        CompletableFuture<HttpResponse<String>> waiting = initToSnapshot();
        assertThat(waiting).isNotDone();

        CompletableFuture<Sandbox.InitReport> restore = CompletableFuture.supplyAsync(sandbox::restore);
        assertThat(waiting.join().statusCode()).isEqualTo(200);
        assertThat(restore).as("the hooks run").isNotDone();
        Scripted.echo(sandbox);

        assertThat(restore.join().ok()).isTrue();
        Invocation.Result result = sandbox.invoke("{}");
        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
        assertThat(result.coldStart()).isTrue();
        assertThat(lines("Restore Duration:")).hasSize(1);
    }

    @Test
    void theFirstInvocationRestores() {
        CompletableFuture<HttpResponse<String>> waiting = initToSnapshot();
        CompletableFuture<Void> hooks = waiting.thenRun(() -> Scripted.echo(sandbox));

        assertThat(sandbox.invoke("{}").outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
        hooks.join();
        assertThat(sandbox.marks(Mark.Kind.RESTORED, "platform")).hasSize(1);
    }

    @Test
    void hooksThatFailEndTheEnvironment() {
        CompletableFuture<HttpResponse<String>> waiting = initToSnapshot();
        CompletableFuture<Void> hooks = waiting.thenRun(() -> {
            HttpRequest.Builder failure = runtime.post("/2018-06-01/runtime/restore/error", "{}")
                    .header("Lambda-Runtime-Function-Error-Type", "Runtime.Broken");
            assertThat(runtime.send(failure).statusCode()).isEqualTo(202);
        });

        Invocation.Result result = sandbox.invoke("{}");

        hooks.join();
        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.INIT_FAILED);
        assertThat(result.errorType()).isEqualTo("Runtime.Broken");
        assertThat(sandbox.marks(Mark.Kind.SHUTDOWN, "platform")).hasSize(1);
    }

    @Test
    void theClockOfTheEnvironmentCanBeStepped() {
        CompletableFuture<HttpResponse<String>> waiting = initToSnapshot();
        sandbox.stepClock(Duration.ofDays(1));
        CompletableFuture<Void> hooks = waiting.thenRun(() -> {
            HttpResponse<String> event = runtime.runtimeNext();
            long deadlineMs = Long.parseLong(
                    event.headers().firstValue("Lambda-Runtime-Deadline-Ms").orElseThrow());
            assertThat(deadlineMs)
                    .isGreaterThan(
                            System.currentTimeMillis() + Duration.ofHours(23).toMillis());
            runtime.respond(Scripted.requestId(event), "{}");
            CompletableFuture<HttpResponse<String>> ignored = runtime.runtimeNextAsync();
        });

        assertThat(sandbox.invoke("{}").outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
        hooks.join();
    }

    @Test
    void restoreIsForSnapshotsOnly() {
        try (Sandbox onDemand = Emulator.newEmulator().start()) {
            HttpResponse<String> refused = new LambdaClient(onDemand)
                    .send(runtime.request("/")
                            .uri(URI.create("http://" + onDemand.runtimeApi() + "/2018-06-01/runtime/restore/next"))
                            .GET());
            assertThat(refused.statusCode()).isEqualTo(403);
        }
    }

    /** Returns when the snapshot has been taken; the future is the runtime's wait for the restore. */
    private CompletableFuture<HttpResponse<String>> initToSnapshot() {
        CompletableFuture<Void> init = Scripted.init(sandbox);
        Scripted.extension(sandbox, "dogsled");
        CompletableFuture<HttpResponse<String>> waiting = CompletableFuture.supplyAsync(() ->
                runtime.send(runtime.request("/2018-06-01/runtime/restore/next").GET()));
        init.join();
        return waiting;
    }

    private List<String> lines(String part) {
        return sandbox.lines().stream()
                .map(LogLine::text)
                .filter(line -> line.contains(part))
                .toList();
    }
}
