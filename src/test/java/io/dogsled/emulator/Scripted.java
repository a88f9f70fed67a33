package io.dogsled.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

/** An extension and a runtime that behave, played by virtual threads until their sandbox is closed. */
final class Scripted {
    private static final Duration LIMIT = Duration.ofSeconds(8);

    private Scripted() {}

    /** Registers, polls for ever, reports its exit with 0 at SHUTDOWN. */
    static LambdaClient extension(Sandbox sandbox, String name) {
        LambdaClient client = new LambdaClient(sandbox);
        CompletableFuture<Void> ignored = background(() -> {
            client.register(name);
            while (!client.next().body().contains("\"SHUTDOWN\"")) {
                // the work of this extension is to come back at once
            }
            sandbox.exited(name, 0);
        });
        return client;
    }

    /** Answers every invocation with its own payload. */
    static void echo(Sandbox sandbox) {
        LambdaClient client = new LambdaClient(sandbox);
        CompletableFuture<Void> ignored = background(() -> {
            while (true) {
                HttpResponse<String> event = client.runtimeNext();
                client.respond(requestId(event), event.body());
            }
        });
    }

    /** Starts an init in the background and returns when extensions may register. */
    static CompletableFuture<Void> init(Sandbox sandbox) {
        CompletableFuture<Void> init =
                background(() -> assertThat(sandbox.init().ok()).isTrue());
        awaitGeneration(sandbox);
        return init;
    }

    static void awaitGeneration(Sandbox sandbox) {
        assertThat(sandbox.awaitGeneration(LIMIT)).isTrue();
    }

    static void await(Sandbox sandbox, Mark.Kind kind, String who) {
        assertThat(sandbox.await(kind, who, 1, LIMIT)).as(kind + " of " + who).isTrue();
    }

    static String requestId(HttpResponse<String> event) {
        return event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
    }

    /** Runs it until the sandbox goes away; what breaks the connection then is the end, not a failure. */
    static CompletableFuture<Void> background(Runnable script) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual().name("scripted").start(() -> {
            try {
                script.run();
                done.complete(null);
            } catch (AssertionError | IllegalStateException | NoSuchElementException e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }
}
