package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Order of events, early response, failures and resets, with a scripted extension and a scripted runtime. */
class InvocationTest {
    private final Emulator emulator = Emulator.newEmulator().scriptedExtension("dogsled");
    private Sandbox sandbox = emulator.start();
    private LambdaClient lastExtension = new LambdaClient(sandbox);

    @AfterEach
    void close() {
        sandbox.close();
    }

    @Test
    void theRuntimeIsNotReadyBeforeAllExtensionsAre() {
        CompletableFuture<Void> init = Scripted.init(sandbox);
        LambdaClient extension = new LambdaClient(sandbox);
        extension.register("dogsled");
        Scripted.echo(sandbox);
        Scripted.await(sandbox, Mark.Kind.NEXT, "runtime");
        assertThat(init).isNotDone();

        CompletableFuture<HttpResponse<String>> ignored = extension.nextAsync();
        init.join();

        assertThat(kinds("dogsled")).containsSubsequence(Mark.Kind.REGISTERED, Mark.Kind.NEXT);
        assertThat(ignored).isNotDone();
    }

    @Test
    void anInvocationReachesBothAndEndsWhenBothAreBack() {
        start();

        Invocation.Result result = sandbox.invoke("{\"a\":1}");

        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
        assertThat(result.body()).isEqualTo("{\"a\":1}");
        assertThat(result.coldStart()).isTrue();
        assertThat(result.times().runtimeDoneNs())
                .isGreaterThanOrEqualTo(result.times().respondedNs());
        assertThat(sandbox.invoke("{}").coldStart()).isFalse();
        assertThat(sandbox.violations()).isEmpty();
        assertThat(sandbox.maxOutstandingNext("dogsled")).isEqualTo(1);
    }

    @Test
    void theInvokeEventHasWhatTheDocumentationPromises() {
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        Invocation invocation =
                sandbox.invoke(Invocation.Request.of("{}").withArn("arn:aws:lambda:eu-west-1:1:function:f:live"));

        HttpResponse<String> event = poll.join();

        assertThat(event.body())
                .contains("\"eventType\":\"INVOKE\"")
                .contains("\"requestId\":\"" + invocation.requestId() + "\"")
                .contains("\"invokedFunctionArn\":\"arn:aws:lambda:eu-west-1:1:function:f:live\"")
                .contains("\"tracing\":{\"type\":\"X-Amzn-Trace-Id\"");
        assertThat(event.headers().firstValue("Lambda-Extension-Event-Identifier"))
                .isPresent();
    }

    @Test
    void withoutATraceTheEventHasNoTracing() {
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        Invocation ignored = sandbox.invoke(Invocation.Request.of("{}").withoutTrace());

        assertThat(poll.join().body()).contains("\"INVOKE\"").doesNotContain("tracing");
        assertThat(ignored.requestId()).isNotEmpty();
    }

    @Test
    void theCallerHasTheResponseWhileTheExtensionStillWorks() {
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{\"early\":true}"));
        poll.join();

        assertThat(invocation.response().join()).isEqualTo("{\"early\":true}");
        assertThat(invocation.result()).isNotDone();
    }

    @Test
    void underAwsEmulatorTheResponseWaitsForTheExtension() {
        sandbox.close();
        sandbox = emulator.mode(Mode.RIE).start();
        LambdaClient extension = new LambdaClient(sandbox);
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{}"));
        Scripted.awaitGeneration(sandbox);
        HttpResponse<String> registered = extension.register("dogsled");
        Scripted.echo(sandbox);
        extension.next();
        Scripted.await(sandbox, Mark.Kind.RUNTIME_DONE, "runtime");

        assertThat(registered.body()).contains("\"handler\":\"\"").doesNotContain("accountId");
        assertThat(extension.telemetry("{}").statusCode()).isEqualTo(202);
        assertThat(invocation.response()).isNotDone();
        CompletableFuture<HttpResponse<String>> ignored = extension.nextAsync();
        assertThat(invocation.response().join()).isEqualTo("{}");
        assertThat(ignored).isNotDone();
    }

    @Test
    void anErrorOfTheFunctionLeavesTheEnvironmentUp() {
        start(runtime -> {
            String requestId = Scripted.requestId(runtime.runtimeNext());
            runtime.runtimeError(requestId, "Function.Broken");
            CompletableFuture<HttpResponse<String>> ignored = runtime.runtimeNextAsync();
        });

        Invocation.Result result = sandbox.invoke("{}");

        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.FUNCTION_ERROR);
        assertThat(result.errorType()).isEqualTo("Function.Broken");
        assertThat(sandbox.marks(Mark.Kind.SHUTDOWN, "platform")).isEmpty();
    }

    @Test
    void aRuntimeMustAnswerBeforeItAsksAgainAndOnlyOnce() {
        CompletableFuture<List<Integer>> statuses = new CompletableFuture<>();
        start(runtime -> {
            String requestId = Scripted.requestId(runtime.runtimeNext());
            int tooEarly = runtime.runtimeNext().statusCode();
            int other = runtime.respond("other", "{}").statusCode();
            int first = runtime.respond(requestId, "{}").statusCode();
            int second = runtime.respond(requestId, "{}").statusCode();
            statuses.complete(List.of(tooEarly, other, first, second));
            CompletableFuture<HttpResponse<String>> ignored = runtime.runtimeNextAsync();
        });

        sandbox.invoke("{}");

        assertThat(statuses.join()).containsExactly(403, 400, 202, 403);
        assertThat(sandbox.violations()).extracting(Violation::who).containsOnly("runtime");
    }

    @Test
    void anExtensionThatDoesNotComeBackTurnsTheInvocationIntoATimeout() {
        sandbox.close();
        sandbox = emulator.timeout(Duration.ofMillis(300)).start();
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{}"));
        LambdaClient extension = lastExtension;
        CompletableFuture<Void> script = Scripted.background(() -> {
            poll.join();
            Scripted.await(sandbox, Mark.Kind.SHUTDOWN, "platform");
            assertThat(extension.next().body()).contains("\"shutdownReason\":\"timeout\"");
            sandbox.exited("dogsled", 0);
        });

        Invocation.Result result = invocation.result().join();

        assertThat(result.outcome()).isEqualTo(Invocation.Outcome.TIMEOUT);
        assertThat(result.body()).contains("Task timed out after 0.30 seconds");
        assertThat(invocation.response().join()).as("the caller had it before").isEqualTo("{}");
        script.join();
    }

    @Test
    void anExitOfTheExtensionEndsTheInvocationAndTheNextOneStartsAnew() {
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        Invocation invocation = sandbox.invoke(Invocation.Request.of("{}"));
        poll.join();
        sandbox.exited("dogsled", 0);

        Invocation.Result crashed = invocation.result().join();
        Invocation second = sandbox.invoke(Invocation.Request.of("{\"n\":2}"));
        Scripted.await(sandbox, Mark.Kind.SHUTDOWN, "platform");
        Scripted.awaitGeneration(sandbox);
        Scripted.extension(sandbox, "dogsled");
        Scripted.echo(sandbox);

        assertThat(crashed.outcome()).isEqualTo(Invocation.Outcome.CRASH);
        assertThat(crashed.errorType()).isEqualTo("Extension.Crash");
        assertThat(second.result().join().outcome()).isEqualTo(Invocation.Outcome.SUCCESS);
        assertThat(second.result().join().body()).isEqualTo("{\"n\":2}");
    }

    @Test
    void shutdownTellsTheDeadlineAndNothingIsAnsweredAfterIt() {
        CompletableFuture<HttpResponse<String>> poll = initThenPoll();
        LambdaClient extension = lastExtension;
        long beforeMs = System.currentTimeMillis();
        CompletableFuture<Void> script = Scripted.background(() -> {
            poll.join();
            sandbox.exited("dogsled", 0);
        });
        sandbox.shutdown();
        script.join();

        String body = poll.join().body();
        long deadlineMs = Long.parseLong(body.replaceAll(".*\"deadlineMs\":(\\d+).*", "$1"));
        assertThat(body).contains("\"eventType\":\"SHUTDOWN\"").contains("\"shutdownReason\":\"spindown\"");
        assertThat(deadlineMs).isBetween(beforeMs + 2000, System.currentTimeMillis() + 2000);
        assertThat(extension.register("dogsled").body()).contains("Extension.RegistrationClosed");
    }

    @Test
    void managedInstancesRefuseInvokeAndAcceptASecondTry() {
        sandbox.close();
        sandbox = emulator.mode(Mode.MANAGED_INSTANCES).start();
        CompletableFuture<Void> init = Scripted.init(sandbox);
        LambdaClient extension = new LambdaClient(sandbox);
        assertThat(extension.register("dogsled").body()).contains("Extension.InvalidEventType");
        assertThat(extension.register("dogsled", "{\"events\":[\"SHUTDOWN\"]}").statusCode())
                .isEqualTo(200);
        CompletableFuture<HttpResponse<String>> poll = extension.nextAsync();
        for (int i = 0; i < 3; i++) {
            Scripted.echo(sandbox);
        }
        init.join();

        List<Invocation> invocations = List.of(
                sandbox.invoke(Invocation.Request.of("1")),
                sandbox.invoke(Invocation.Request.of("2")),
                sandbox.invoke(Invocation.Request.of("3")));

        assertThat(invocations).extracting(i -> i.response().join()).containsExactly("1", "2", "3");
        assertThat(poll).isNotDone();
    }

    @Test
    void theApiMayLiveOnAnyLoopbackAddress() throws UnknownHostException {
        sandbox.close();
        sandbox = Emulator.newEmulator()
                .bindAddress(InetAddress.getByName("127.0.0.2"))
                .start();
        Scripted.echo(sandbox);

        assertThat(sandbox.runtimeApi()).startsWith("127.0.0.2:");
        assertThat(new LambdaClient(sandbox)
                        .send(new LambdaClient(sandbox)
                                .request("/2018-06-01/ping")
                                .GET())
                        .body())
                .isEqualTo("pong");
    }

    /** Init with an extension of which the test holds the open poll, and a runtime that echoes. */
    private CompletableFuture<HttpResponse<String>> initThenPoll() {
        CompletableFuture<Void> init = Scripted.init(sandbox);
        lastExtension = new LambdaClient(sandbox);
        lastExtension.register("dogsled");
        Scripted.echo(sandbox);
        CompletableFuture<HttpResponse<String>> poll = lastExtension.nextAsync();
        init.join();
        return poll;
    }

    private void start() {
        CompletableFuture<Void> init = Scripted.init(sandbox);
        Scripted.extension(sandbox, "dogsled");
        Scripted.echo(sandbox);
        init.join();
    }

    private void start(Consumer<LambdaClient> runtime) {
        CompletableFuture<Void> init = Scripted.init(sandbox);
        Scripted.extension(sandbox, "dogsled");
        CompletableFuture<Void> ignored = Scripted.background(() -> runtime.accept(new LambdaClient(sandbox)));
        init.join();
    }

    private List<Mark.Kind> kinds(String who) {
        return sandbox.marks().stream()
                .filter(mark -> mark.who().equals(who))
                .map(Mark::kind)
                .toList();
    }
}
